import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modeText } from '../src/core/tree/mode-text.ts';
import { manualParagraphs } from '../src/features/manual-page.ts';
import { code, plain } from '../src/features/markdown.ts';
import { timeSpanWords } from '../src/features/time-words.ts';

const page = `.SH "OPTIONS"
.PP
\\fIFirst=\\fR
and
\\fISecond=\\fR, named in a text\\&.
.PP
\\fIFirst=\\fR, \\fISecond=\\fR\\fI\\fIvalue\\fR\\fR
.RS 4
Takes a
\\fBpath\\fR(7)\\&. It\\*(Aqs "a\\-b" \\(em so\\&.
.sp
.RS 4
.ie n \\{\\
\\h'-04'\\(bu\\h'+03'\\c
.\\}
.el \\{\\
.IP \\(bu 2.3
.\\}
An item\\&.
.RE
.nf
An example
.fi
Behind it\\&.
.sp
Added in version 230\\&.
.RE
.PP
\\fIThird=\\fR
.RS 4
`;

test('the paragraphs of a term are read from the source of a page', () => {
  const text = `Takes a path(7). It's "a-b" — so.\n\n• An item.\n\nBehind it.`;
  assert.equal(manualParagraphs(page, 'First='), text);
  assert.equal(manualParagraphs(page, 'Second='), text);
  assert.equal(manualParagraphs(page, 'Third='), undefined, 'a page that ends there');
  assert.equal(manualParagraphs(page, 'Fourth='), undefined);
  assert.equal(manualParagraphs('', ''), undefined);
  assert.equal(manualParagraphs(`\\fIA=\\fR\n.RS 4\n${'word '.repeat(2000)}\n`, 'A=')?.length, 1201);
});

test('texts of files stay what they are in Markdown', () => {
  assert.equal(plain('a_b *c* [d](e) <f> &amp; `g`'), 'a\\_b \\*c\\* \\[d\\](e) \\<f\\> &amp;amp; \\`g\\`');
  assert.equal(plain('- no item'), '\\- no item');
  assert.equal(code('a`b'), '`` a`b ``');
  assert.equal(code('a\nb'), '`a b`');
});

test('modes and spans in words', () => {
  assert.equal(modeText('directory', 0o2750), 'drwxr-s---');
  assert.equal(modeText('file', 0o4644), '-rwSr--r--');
  assert.equal(modeText('directory', 0o1777), 'drwxrwxrwt');
  assert.equal(modeText('symlink', undefined), 'lrwxrwxrwx');
  assert.equal(modeText(undefined, undefined), '??????????');
  assert.equal(timeSpanWords(0n), '0 seconds');
  assert.equal(timeSpanWords(90_061_000_000n), '1 day 1 hour 1 minute 1 second');
  assert.equal(timeSpanWords(1500n), '1 millisecond 500 microseconds');
});
