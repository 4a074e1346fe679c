import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { detectSystemd } from '../src/core/boot/detect-systemd.ts';
import { simulate } from '../src/core/boot/simulate.ts';
import type { VolatileMode } from '../src/core/boot/skeleton.ts';
import type { UnitOutcome } from '../src/core/boot/start/unit-outcome.ts';
import type { Image } from '../src/core/image/image.ts';
import { check } from '../src/core/rules/check.ts';
import { loadGrammars } from '../src/report/html/grammars.ts';
import { formatHtml } from '../src/report/html/html-report.ts';
import type { ReportInput } from '../src/report/html/input.ts';
import { imageOf } from './support/file-set.ts';
import { testInputs } from './support/inputs.ts';
import { outcomeOf } from './support/outcomes.ts';

const grammars = loadGrammars(readFileSync('node_modules/vscode-oniguruma/release/onig.wasm'));

function inputOf(image: Image, units: readonly UnitOutcome[], extra: Partial<ReportInput> = {}): ReportInput {
  const simulation = simulate(image, 'yes', testInputs());
  return {
    simulation,
    tree: simulation.tree,
    units,
    order: units.map(({ unit }) => unit.name),
    findings: check(simulation),
    systemd: detectSystemd(simulation.tree),
    ...extra,
  };
}

const image = imageOf(`
--- /usr/lib/os-release
ID=test
VERSION_ID=1
--- /usr/lib/systemd/system/web.service
[Unit]
Description=The web server
[Service]
ExecStart=/usr/bin/web -c /etc/web/web.conf
User=web
[Install]
WantedBy=multi-user.target
--- /usr/lib/systemd/system/log.service
[Service]
ExecStart=/usr/bin/log
--- /usr/lib/tmpfiles.d/web.conf
d /run/web 0755 web web -
d /var/log/db 0755 db - -
--- /etc/passwd
root:x:0:0::/root:/bin/sh
web:x:100:100::/:/bin/false
db:x:101:101::/:/bin/false
--- /etc/web/web.conf
listen 80
--- /etc/web/extra.conf
`);
const web = outcomeOf(image, 'web.service', {
  outcome: 'failed',
  obstacles: [
    { code: 'user-missing', cause: 'missing-user', result: '217/USER', subject: 'web', at: 'User web' },
    {
      code: 'configuration-lost',
      cause: 'missing-etc-file',
      confidence: 'likely',
      subject: '/etc/web/web.conf',
      at: 'ExecStart /etc/web/web.conf',
    },
  ],
});
const log = outcomeOf(image, 'log.service', {
  outcome: 'dep-failed',
  becauseOf: 'web.service',
  rootUnit: 'web.service',
  obstacles: [{ code: 'required-unit-failed', cause: 'dependency', subject: 'web.service' }],
});

/** Every element's start tag. */
function tagsOf(page: string): string[] {
  const visible = page.replace(/<(script|style)\b([^>]*)>[\s\S]*?<\/\1>/g, '<$1$2></$1>');
  return visible.match(/<[a-z!][^>]*>/gi) ?? [];
}

/** What has to hold for every page. */
function assertSound(page: string): void {
  const tags = tagsOf(page);
  for (const tag of tags) {
    const names = tag.replace(/"[^"]*"/g, '""');
    assert.doesNotMatch(names, /\s(on[a-z]+|style|src|srcset|action|formaction)=/i, tag);
    assert.doesNotMatch(tag, /^<(img|iframe|object|embed|base|form|link|a[^>]*javascript:)/i, tag);
  }
  assert.equal(tags.filter((tag) => /^<script/.test(tag)).length, 2);
  assert.equal(tags.filter((tag) => /^<style/.test(tag)).length, 1);
  const nonce = /script-src 'nonce-([0-9a-f]{32})'/.exec(page)?.[1];
  assert.ok(nonce !== undefined, 'there is a policy');
  assert.match(page, /default-src 'none'/);
  for (const tag of tags.filter((candidate) => /^<(script|style)/.test(candidate))) {
    assert.ok(tag.includes(`nonce="${nonce}"`), tag);
  }
  const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]));
  assert.equal([...page.matchAll(/\sid="([^"]+)"/g)].length, ids.size, 'ids are unique');
  for (const [, target] of page.matchAll(/<(?:a|use)\b[^>]*\shref="([^"]+)"/g)) {
    assert.ok(target?.startsWith('#') && ids.has(target.slice(1)), `${target} leads somewhere`);
  }
  JSON.parse(/<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '');
  // Every element is closed in its order.
  const open: string[] = [];
  const visible = page.replace(/<(script|style)\b([^>]*)>[\s\S]*?<\/\1>/g, '');
  for (const [, closing, name = '', attributes = ''] of visible.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:\s[^>]*)?)>/gi)) {
    if (/^(meta|input|wbr|br)$/.test(name) || attributes.endsWith('/')) continue;
    if (closing === '') open.push(name);
    else assert.equal(open.pop(), name, `</${name}>`);
  }
  assert.deepEqual(open, []);
}

test('the page is sound and tells every failing unit, its cause and its fix', async () => {
  const page = formatHtml(inputOf(image, [log, web]), await grammars);
  assertSound(page);
  assert.match(page, /<em>2 units fail<\/em> when this image boots with an empty \/etc and \/var\./);
  assert.match(
    page,
    /<code>web\.service<\/code> and <code>log\.service<\/code> fail: user <code>web<\/code> will not exist/,
  );
  assert.match(page, /id="cause-user-web"/);
  assert.match(page, /fails with 217\/USER/);
  assert.match(page, /goes down with web\.service/);
  assert.match(page, /Next in line: <code>\/etc\/web\/web\.conf<\/code> is gone/);
  assert.match(page, /The web server\. /);
  assert.match(page, /1 line is dropped: <code>db<\/code> does not exist/);
  assert.match(page, /needed by web\.service/);
  assert.match(page, /<span class="yk">User<\/span>/, 'quotes are coloured');
  assert.match(page, /<mark><span class="yv">web<\/span><\/mark>/);
});

test('without grammars the page is the same but for the colours', async () => {
  const page = formatHtml(inputOf(image, [log, web]), undefined);
  assertSound(page);
  assert.match(page, /<mark>web<\/mark>/);
});

test('the same input gives the same bytes', async () => {
  const loaded = await grammars;
  assert.equal(formatHtml(inputOf(image, [log, web]), loaded), formatHtml(inputOf(image, [log, web]), loaded));
});

test('a boot without failures says so and keeps the picture', () => {
  const quiet = imageOf('--- /usr/lib/os-release\nID=test\n');
  const page = formatHtml(inputOf(quiet, [outcomeOf(quiet, 'basic.target')]), undefined);
  assertSound(page);
  assert.match(page, /<h1>No unit fails when/);
  assert.match(page, /Nothing goes wrong on the way/);
  assert.equal(page.match(/<li class="lane">/g)?.length, 8);
});

test('nothing is said about units where none is known', () => {
  const page = formatHtml(inputOf(imageOf(''), []), undefined);
  assertSound(page);
  assert.doesNotMatch(page, /No unit fails/);
});

test('what a real boot of the image does today tells new, lost and running units apart', () => {
  const today = [
    outcomeOf(image, 'web.service'),
    outcomeOf(image, 'gone.service'),
    outcomeOf(image, 'log.service', { outcome: 'idle' }),
  ];
  const page = formatHtml(inputOf(image, [log, web, outcomeOf(image, 'new.service')], { today }), undefined);
  assertSound(page);
  assert.match(page, /One of them runs today; one is started only because of the reset\./);
  assert.match(page, /One more, <code>gone\.service<\/code>, runs today and is never started again\./);
  assert.match(page, /<tr data-s="new">(?:(?!<\/tr>).)*new\.service/);
});

test('after twenty causes the cards are folded', () => {
  const units = Array.from({ length: 30 }, (_, i) =>
    outcomeOf(image, `u${i}.service`, {
      outcome: 'failed',
      obstacles: [{ code: 'configuration-lost', subject: `/etc/u${i}.conf` }],
    }),
  );
  const page = formatHtml(inputOf(image, units), undefined);
  assertSound(page);
  for (const { unit } of units) assert.ok(page.includes(unit.name));
  const cards = page.match(/<article class="card"/g)?.length ?? 0;
  assert.ok(cards > 30, 'one for each unit and for the dropped lines');
  assert.equal(page.match(/<\/summary><article class="card"/g)?.length, cards - 20);
});

test('names and texts of an image are never markup', async () => {
  const bad = '<\u002fscript><img src=x onerror=alert(1)>';
  const evil = imageOf(`
--- /usr/lib/os-release
ID="${bad}"
--- /usr/lib/systemd/system/a<img>.service
[Unit]
Description=${bad} "quoted" 'single' & <b>
[Service]
ExecStart=/usr/bin/a ${bad} \u001b[31m <!--
User=<b>x
--- /usr/lib/tmpfiles.d/<script>.conf
d /run/${bad.replaceAll(' ', '')} 0755 "${bad}" -
--- /etc/<script>alert(1)<.conf
x
--- /etc/"><svg onload=1>
y
`);
  const units = [
    outcomeOf(evil, 'a<img>.service', {
      outcome: 'failed',
      obstacles: [
        {
          code: 'user-missing',
          subject: `"><script>1`,
          at: 'User <b>x',
          message: bad,
          chain: [{ file: `/etc/${bad}`, line: 1, message: bad }],
        },
        { code: 'configuration-lost', subject: `/etc/${bad}`, message: bad, at: `ExecStart ${bad.split(' ')[0]}` },
      ],
    }),
    outcomeOf(evil, `${bad}.service`, { outcome: 'failed', becauseOf: bad }),
    outcomeOf(evil, '<!--.service', {
      outcome: 'skipped',
      condition: { value: 'false', text: bad, reason: bad },
    }),
  ];
  const page = formatHtml(inputOf(evil, units), await grammars);
  assertSound(page);
  assert.doesNotMatch(page, /\u001b/);
  assert.doesNotMatch(page, /<img|<svg onload|<b>x/);
});

test('every mode has a page', async () => {
  for (const volatile of ['yes', 'state', 'no', 'overlay'] satisfies VolatileMode[]) {
    const simulation = simulate(image, volatile, testInputs());
    const findings = check(simulation);
    assertSound(formatHtml(inputOf(image, [web], { simulation, tree: simulation.tree, findings }), await grammars));
  }
});

test('a chain of failures in a circle ends', () => {
  const units = ['a', 'b', 'c'].map((name, i) =>
    outcomeOf(image, `${name}.service`, { outcome: 'dep-failed', becauseOf: `${'bca'.charAt(i)}.service` }),
  );
  const page = formatHtml(inputOf(image, units), undefined);
  assertSound(page);
  for (const { unit } of units) assert.ok(page.includes(unit.name));
});

test('thousands of units and one name for many things', () => {
  const units = Array.from({ length: 3000 }, (_, i) =>
    outcomeOf(image, `u${i}.service`, {
      outcome: 'failed',
      obstacles: [{ code: 'configuration-lost', subject: `/etc/${'+'.repeat(i % 60)}${'-'.repeat(i / 60)}` }],
    }),
  );
  const page = formatHtml(inputOf(image, units), undefined);
  assertSound(page);
  const listed = new Set([...page.matchAll(/<th scope="row">([^<]+)<\/th>/g)].map((match) => match[1]));
  for (const { unit } of units) assert.ok(listed.has(unit.name), unit.name);
  assert.ok(page.length < 4_000_000, `${page.length}`);
});
