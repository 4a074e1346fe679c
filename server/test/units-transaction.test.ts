import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planStart, planTransaction, type Transaction } from '../src/core/boot/transaction/plan-transaction.ts';
import { service, storeOf } from './support/unit-store.ts';

const early = 'DefaultDependencies=no';

/** Services without anything implied, and the target that wants those with a `+` in front. */
function planOf(units: Readonly<Record<string, string>>, target = '', version = 257): Transaction {
  const names = Object.keys(units);
  const wanted = names.filter((name) => name.startsWith('+')).map((name) => `Wants=${name.slice(1)}.service`);
  const files = names.map((name) =>
    service(`${name.replace('+', '')}.service`, `${early}\n${units[name] ?? ''}`, 'StandardOutput=null\nSlice=-.slice'),
  );
  const store = storeOf(
    `${files.join('')}\n--- t.target\n[Unit]\n${early}\n${target}\n${wanted.join('\n')}\n`,
    version,
  );
  return planTransaction(store, 't.target');
}

function jobsOf(transaction: Transaction): string {
  return transaction.order
    .map((job) => job.unit.name.replace('.service', ''))
    .filter((name) => name !== '-.slice' && name !== 't.target')
    .join(' ');
}

test('which jobs there are', () => {
  const cases: [Record<string, string>, string][] = [
    [{ '+a': 'Wants=b.service', b: '', c: '' }, 'a b'],
    [{ '+a': 'Requires=b.service', b: 'BindsTo=c.service', c: 'Upholds=d.service', d: '' }, 'a b c d'],
    [{ '+a': 'PartOf=b.service\nRequisite=c.service\nOnFailure=d.service\nAfter=e.service', b: '', c: '', d: '' }, 'a'],
    [{ '+a': 'Requisite=b.service', '+b': '' }, 'a b'],
    // A requirement that is not loaded refuses whoever needs it, and so on; wishes do not mind.
    [{ '+a': 'Requires=missing.service\nWants=x.service', x: '' }, ''],
    [{ '+a': 'Requires=b.service', '+b': 'BindsTo=missing.service' }, ''],
    [{ '+a': 'Requisite=missing.service' }, ''],
    [{ '+a': 'Requisite=b.service', '+b': 'Requires=missing.service' }, 'a'],
    [{ '+a': 'Wants=b.service', b: 'Requires=missing.service' }, 'a'],
    [{ '+a': 'Requires=b.service', b: 'Requires=a.service missing.service' }, ''],
    [{ '+a': 'Wants=missing.service' }, 'a'],
  ];
  for (const [units, expected] of cases) assert.equal(jobsOf(planOf(units)), expected, JSON.stringify(units));
});

test('before 254 a job whose requirement is refused stays', () => {
  const units = { '+a': 'Requires=missing.service\nWants=x.service', '+b': 'Requires=a.service', x: '' };
  assert.equal(jobsOf(planOf(units, '', 252)), 'a b');
  assert.equal(jobsOf(planOf(units, '', 254)), '');
});

test('refusals name the requirement and the unit at its end', () => {
  const [refusal] = planOf({ '+a': 'Requires=b.service', b: 'Requires=missing.service' }).refused;
  assert.equal(refusal?.unit.name, 'a.service');
  assert.equal(refusal?.because?.target, 'b.service');
  assert.equal(refusal?.root.name, 'missing.service');
  assert.equal(refusal?.message, 'missing.service is not found');
  const failed = planOf({}, 'Requires=missing.service');
  assert.match(failed.failure ?? '', /missing.service is not found/);
  assert.equal(failed.order.length, 0);
});

test('who pulled a job in, and whether it is required', () => {
  const plan = planOf({ '+a': 'Wants=c.service', '+b': 'Requires=c.service', c: '', d: '' }, 'Requires=d.service');
  const job = plan.order.find(({ unit }) => unit.name === 'c.service');
  assert.deepEqual(
    job?.pulledInBy.map(({ unit, dependency }) => `${unit.name} ${dependency.kind}`),
    ['a.service Wants', 'b.service Requires'],
  );
  assert.equal(job?.isRequired, false);
  assert.equal(plan.order.find(({ unit }) => unit.name === 'd.service')?.isRequired, true);
});

test('conflicts: what is required stays, then who has the Conflicts=, and sometimes nobody knows', () => {
  const decided = planOf({ '+a': '', '+b': 'Conflicts=a.service', '+c': 'Wants=a.service' });
  assert.equal(jobsOf(decided), 'b c');
  assert.equal(decided.conflicts[0]?.isCertain, true);
  // What a dropped job has wanted stays, since a boot isolates its target.
  const needed = { '+a': 'Conflicts=b.service', '+b': 'Wants=b2.service', '+c': 'Requires=b.service', b2: '' };
  assert.equal(jobsOf(planOf(needed)), 'a b2');
  const mutual = { '+a': 'Conflicts=b.service', '+b': 'Conflicts=a.service' };
  for (const units of [needed, mutual]) {
    const undecided = planOf(units);
    assert.equal(undecided.conflicts[0]?.isCertain, false);
    assert.equal(undecided.order.find(({ unit }) => unit.name === 'a.service')?.isCertain, false);
  }
  const required = planOf({ '+a': 'Conflicts=b.service', b: '' }, 'Requires=b.service');
  assert.equal(jobsOf(required), 'b');
  assert.equal(required.conflicts[0]?.isCertain, true);
  const both = planOf({ a: 'Conflicts=b.service', b: '' }, 'Requires=a.service b.service');
  assert.match(both.failure ?? '', /exclude each other/);
});

test('order: After=, Before=, then names', () => {
  const cases: [Record<string, string>, string][] = [
    [{ '+c': '', '+a': '', '+b': '' }, 'a b c'],
    [{ '+a': 'After=b.service', '+b': 'After=c.service', '+c': '' }, 'c b a'],
    [{ '+c': 'Before=a.service', '+a': '', '+b': '' }, 'b c a'],
    [{ '+a': 'After=x.service b.service', '+b': '', x: '' }, 'b a'],
    // Through a Requisite= that only asks.
    [{ '+a': 'After=q.service\nRequisite=q.service', '+z': 'Before=q.service', q: '' }, 'z a'],
  ];
  for (const [units, expected] of cases) assert.equal(jobsOf(planOf(units)), expected, JSON.stringify(units));
});

test('cycles are broken by dropping a job that is not required', () => {
  const plan = planOf({
    '+a': 'After=b.service',
    '+b': 'After=c.service\nWants=d.service',
    '+c': 'After=a.service',
    d: '',
  });
  const [cycle] = plan.cycles;
  assert.deepEqual(
    cycle?.members.map(
      ({ unit, dependency, owner }) => `${unit.name}: ${owner.name} ${dependency.kind}=${dependency.target}`,
    ),
    [
      'a.service: c.service After=a.service',
      'c.service: b.service After=c.service',
      'b.service: a.service After=b.service',
    ],
  );
  assert.equal(cycle?.dropped?.name, 'b.service');
  assert.equal(cycle?.candidates.length, 3);
  assert.equal(jobsOf(plan), 'a c d'.split(' ').sort().join(' '));
  assert.ok(plan.order.filter(({ unit }) => /^[ac]\./.test(unit.name)).every((job) => !job.isCertain));

  const required = planOf({ a: 'After=b.service', '+b': 'After=a.service' }, 'Requires=a.service');
  assert.equal(required.cycles[0]?.dropped?.name, 'b.service');
  const hopeless = planOf({ a: 'After=b.service', b: 'After=a.service' }, 'Requires=a.service b.service');
  assert.match(hopeless.failure ?? '', /circle/);
  assert.equal(hopeless.order.length, 4);
});

test('dropping a job of a cycle drops those that require it', () => {
  const plan = planOf({
    '+a': 'After=b.service',
    '+b': 'After=a.service',
    '+c': 'Requires=b.service',
    '+d': 'Wants=b.service',
  });
  assert.equal(jobsOf(plan), 'a d');
});

test('a later start collects what a dropped job has brought', () => {
  const files = [
    service('a.service', `${early}\nWants=b.service c.service`, 'Slice=-.slice'),
    service('b.service', `${early}\nConflicts=c.service`, 'Slice=-.slice'),
    service('c.service', `${early}\nWants=d.service`, 'Slice=-.slice'),
    service('d.service', early, 'Slice=-.slice'),
  ];
  assert.equal(jobsOf(planStart(storeOf(files.join('')), 'a.service')), 'a b');
  assert.equal(jobsOf(planTransaction(storeOf(files.join('')), 'a.service')), 'a b d');
});

test('thousands of units in chains, circles and crowds take little time', () => {
  const count = 5000;
  const text = (line: (n: number) => string) => {
    const units: string[] = [];
    for (let n = 0; n < count; n++) units.push(service(`u${n}.service`, `${early}\n${line(n)}`, 'Slice=-.slice'));
    return units.join('');
  };
  const shapes: Record<string, (n: number) => string> = {
    chain: (n) => `Requires=u${n + 1}.service\nAfter=u${n + 1}.service`,
    circle: (n) => `Wants=u${(n + 1) % count}.service\nAfter=u${(n + 1) % count}.service`,
    circles: (n) => `Wants=u${(n + 1) % count}.service\nAfter=u${n ^ 1}.service`,
    ladder: (n) => `Wants=u${(n + 1) % count}.service\nAfter=u${(n + 1) % count}.service u${(n * 7) % count}.service`,
    conflicts: (n) => `Wants=u${(n + 1) % count}.service\nConflicts=u${n ^ 1}.service`,
  };
  for (const [shape, line] of Object.entries(shapes)) {
    const store = storeOf(text(line) + service(`u${count}.service`, early));
    store.load('u0.service');
    assert.ok(planTransaction(store, 'u0.service').jobs.size > 1, shape);
  }
});
