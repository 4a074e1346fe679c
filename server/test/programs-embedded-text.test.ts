import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mendEmbedded } from '../src/core/programs/embedded-text.ts';

const shipped = new Set(['/etc', '/etc/demo', '/etc/demo/demod.conf', '/var/lib', '/var/lib/heartily', '/var/spool']);
const ownPaths = ['/etc/dem.allow', '/etc/dem.d', '/etc/dem.deny', '/var/spool/demonds', '/var/spool/demonds/a'];

function mend(...texts: readonly string[]): readonly string[] {
  return mendEmbedded(texts, { isShipped: (path) => shipped.has(path), ownPaths });
}

test('what needs no mending comes out as it is, once', () => {
  assert.deepEqual(mend('/etc/demo/demod.conf', '/var/lib/%s', '/etc/demo/demod.conf', ''), [
    '/etc/demo/demod.conf',
    '/var/lib/%s',
    '',
  ]);
});

test('two constants that overlap', () => {
  assert.deepEqual(mend('/var/lib/heartileartily/socket'), [
    '/var/lib/heartileartily/socket',
    '/var/lib/heartily/socket',
  ]);
  assert.deepEqual(mend('/var/lib/nothingeartily/socket'), ['/var/lib/nothingeartily/socket']);
});

test('constants in a row, and beginnings that one path of the package completes', () => {
  assert.deepEqual(mend('/var/spool/demon/etc/dem/etc/dem.9Table'), [
    '/var/spool/demon',
    '/etc/dem/etc/dem.9Table',
    '/var/spool/demonds',
  ]);
  assert.deepEqual(mend('/etc/demH', '/etc/dem.allow', '/etc/dem.deny'), [
    '/etc/demH',
    '/etc/dem.allow',
    '/etc/dem.deny',
    '/etc/dem.d',
  ]);
  assert.deepEqual(mend('/etc/demH'), ['/etc/demH']);
});
