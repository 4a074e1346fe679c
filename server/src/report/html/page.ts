/** The report as one HTML page that needs nothing else: no file, no network, and to be read no script either. */

import { createHash } from 'node:crypto';
import type { LocatedFinding, Severity } from '../../core/problems/problem.ts';
import { baseName, parentPath } from '../../core/tree/tree.ts';
import type { UnitState } from '../unit-states.ts';
import type { CauseModel, ChainNode, ChainStep } from './causes.ts';
import { breakable, counted, grouped, type Html, html, jsonForScript, trusted, words } from './markup.ts';
import {
  type AccountRow,
  type FindingModel,
  type NumberModel,
  type ReportModel,
  rankOf,
  type UnitRow,
} from './model.ts';
import script from './page.client.js';
import style from './page.css';
import { describeMarks, type Lane, type Mark, type Sign, signs } from './picture.ts';
import type { Piece, Quote } from './quotes.ts';
import type { TreeRow } from './tree-model.ts';

/** Cards that are open at first; the others are folded one by one. */
const OPEN_CARDS = 20;

/**
 * The page. The nonce that lets its own style and script pass its content security policy is made from the page, so that the
 * same simulation gives the same bytes and no text of an image can know it.
 */
export function renderPage(model: ReportModel): string {
  const body = bodyOf(model).html;
  const nonce = createHash('sha256').update(body).digest('hex').slice(0, 32);
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<title>${model.title}</title>
<style nonce="${nonce}">
${trusted(style)}</style>
</head>
<body>
${trusted(body)}
<script type="application/json" id="data" nonce="${nonce}">${jsonForScript(model.tree.packed)}</script>
<script nonce="${nonce}">
${trusted(script)}</script>
</body>
</html>
`;
  return page.html;
}

function bodyOf(model: ReportModel): Html {
  return html`<a class="skiplink" href="#breaks">Skip to what breaks</a>
${symbols}
<header><div class="wrap">
<div class="top"><div><b>stateless-boot</b> &nbsp;boot report</div>
<nav aria-label="Sections"><ul>
<li><a href="#boot">The boot</a></li><li><a href="#breaks">What breaks</a></li><li><a href="#tree">Resulting tree</a></li><li><a href="#accounts">Accounts</a></li><li><a href="#units">Units</a></li><li><a href="#findings">Findings</a></li>
</ul></nav></div>
<h1>${model.verdict.isBad ? html`<em>${model.verdict.lead}</em>` : model.verdict.lead}${model.verdict.rest}</h1>
<p class="lede">${words(model.lede)}</p>
<dl class="facts">${model.facts.map(({ term, value }) => html`<div><dt>${term}</dt><dd>${words(value)}</dd></div>`)}</dl>
<ol class="nums" aria-label="Result by phase">${model.numbers.map(numberView)}</ol>
</div></header>
<main class="wrap">
${pictureView(model)}
${cardsView(model)}
${treeView(model)}
${accountsView(model)}
${unitsView(model)}
${findingsView(model)}
</main>
<footer><div class="wrap"><p>Simulated from the image’s files: presets, sysusers, tmpfiles, then the units that the boot starts. Nothing of the image was run. “Likely” is what a program is expected to do without a file that it reads; everything else follows from systemd’s own rules.</p></div></footer>`;
}

/* Signs. Each has a word beside it. */

const symbolIds: Readonly<Record<Sign, string>> = {
  made: 'a',
  new: 'w',
  skipped: 's',
  fails: 'x',
  gone: 'o',
  unknown: 'q',
};

const symbols = trusted(`<svg class="vh" aria-hidden="true" focusable="false"><defs>
<symbol id="x" viewBox="0 0 12 12"><path class="mk-f" d="M1.5 1.5l9 9m0-9l-9 9"/></symbol>
<symbol id="a" viewBox="0 0 12 12"><rect class="mk-a" x="1.5" y="1.5" width="9" height="9" rx="1"/></symbol>
<symbol id="s" viewBox="0 0 12 12"><circle class="mk-s" cx="6" cy="6" r="4.4"/></symbol>
<symbol id="o" viewBox="0 0 12 12"><rect class="mk-g" x="1.5" y="1.5" width="9" height="9"/></symbol>
<symbol id="w" viewBox="0 0 12 12"><rect class="mk-n" x="2" y="2" width="8" height="8" rx="1"/></symbol>
<symbol id="q" viewBox="0 0 12 12"><circle class="mk-u" cx="6" cy="6" r="4.4"/><circle class="mk-u-dot" cx="6" cy="6" r="1.2"/></symbol>
</defs></svg>`);

function sign(of: Sign | undefined): Html | undefined {
  if (of === undefined) return undefined;
  return trusted(`<svg class="i" aria-hidden="true"><use href="#${symbolIds[of]}"/></svg>`);
}

/** The class of the ink for a sign's words. */
function ink(of: Sign | undefined): string {
  if (of === 'fails' || of === 'gone') return 'f';
  if (of === 'skipped') return 's';
  return of === undefined || of === 'unknown' ? 'dim' : 'a';
}

/** A position; the page's script makes it a link where an editor can follow it. */
function positionOf(file: string, line: number | undefined, column: number | undefined, shown: Html): Html {
  return html`<span class="pos" data-file="${file}" data-line="${line ?? ''}" data-column="${column ?? ''}">${shown}</span>`;
}

function numberView({ heading, value, unit, notes }: NumberModel): Html {
  const sentence = notes.map(
    ({ sign: of, text }, i) => html`${i > 0 ? html` &nbsp;` : ''}${sign(of)}${of === undefined ? '' : ' '}${text}`,
  );
  return html`<li><h2>${heading}</h2><div class="big">${value} <small>${unit}</small></div><p class="${ink(notes[0]?.sign)}">${sentence}</p></li>`;
}

/* The picture. */

function pictureView({ lanes, causes }: ReportModel): Html {
  const legend: readonly (readonly [Sign, string])[] = [
    ['made', 'starts or made'],
    ['new', 'new, only because of the reset'],
    ['skipped', 'skipped'],
    ['fails', 'fails, refused or lost'],
    ['gone', 'never started'],
    ...(lanes.some(({ marks }) => marks.some((mark) => mark.sign === 'unknown'))
      ? ([['unknown', 'unknown']] as const)
      : []),
  ];
  return html`<section id="boot" aria-labelledby="h-boot"><h2 id="h-boot">The boot</h2>
<p class="sub">Phases from left to right. Above: what each phase makes and refuses. Below: one row per cause, from the phase where it went wrong to the units that fail.</p>
<ul class="legend">${legend.map(([of, text]) => html`<li>${sign(of)} ${text}</li>`)}</ul>
<div class="boot">
<ol class="lanes">${lanes.map(laneView)}</ol>
<p class="note" id="note" aria-live="polite">${
    causes.length === 0
      ? html`<span>Nothing goes wrong on the way.</span>`
      : html`<span>Point at a row, or reach it with <span class="kbd">Tab</span>, to read its chain; <span class="kbd">Enter</span> opens the cause.</span>`
  }</p>
${causes.length === 0 ? '' : html`<ol class="rows" aria-label="Causes across the phases">${causes.map((cause) => rowView(cause))}</ol>`}
</div></section>`;
}

const MARK_STEP = 10;

function laneView(lane: Lane, index: number): Html {
  const lines = Math.max(1, Math.ceil(lane.marks.length / lane.columns));
  const width = Math.max(1, Math.min(lane.columns, lane.marks.length)) * MARK_STEP;
  const height = lines * MARK_STEP;
  const drawn =
    lane.marks.length === 0
      ? ''
      : html`<svg class="marks" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${describeMarks(lane)}">${lane.marks.map((mark, i) => markView(mark, (i % lane.columns) * MARK_STEP, Math.floor(i / lane.columns) * MARK_STEP))}</svg>`;
  const notes = lane.notes.map(
    (note) =>
      html`<p class="${note.sign === 'made' || note.sign === undefined ? '' : ink(note.sign)}">${note.number === '' ? '' : html`<b>${note.number}</b> `}${note.text}</p>`,
  );
  return html`<li class="lane"><h3><i>${index + 1}</i>${lane.title}</h3><div class="mw">${drawn}${lane.hidden > 0 ? html`<p class="hid">and ${grouped(lane.hidden)} more</p>` : ''}</div><div>${notes}</div></li>
`;
}

function markView({ sign: of, title, cause }: Mark, x: number, y: number): Html {
  const belongs = cause === undefined ? '' : html` data-c="${cause}"`;
  const name = html`<title>${title}</title>`;
  switch (of) {
    case 'made':
      return html`<rect class="k mk-a" x="${x + 1}" y="${y + 1}" width="7" height="7" rx="1"${belongs}>${name}</rect>`;
    case 'new':
      return html`<rect class="k mk-n" x="${x + 1.7}" y="${y + 1.7}" width="5.6" height="5.6" rx="1"${belongs}>${name}</rect>`;
    case 'skipped':
      return html`<circle class="k mk-s" cx="${x + 4.5}" cy="${y + 4.5}" r="3"${belongs}>${name}</circle>`;
    case 'unknown':
      return html`<circle class="k mk-u" cx="${x + 4.5}" cy="${y + 4.5}" r="3"${belongs}>${name}</circle>`;
    case 'gone':
      return html`<rect class="k mk-g" x="${x + 1.7}" y="${y + 1.7}" width="5.6" height="5.6"${belongs}>${name}</rect>`;
    case 'fails':
      return html`<path class="k mk-f" d="M${x + 1.2} ${y + 1.2}l6.6 6.6m0-6.6l-6.6 6.6"${belongs}>${name}</path>`;
    default:
      return of satisfies never;
  }
}

function rowView(cause: CauseModel): Html {
  const { row } = cause;
  const first = row[0]?.lane ?? 0;
  const last = row.at(-1)?.lane ?? 0;
  const nodes = row.map(({ lane, items }, i) => {
    const until = row[i + 1]?.lane ?? 8;
    return html`<span class="nd a${lane + 1} z${Math.max(lane + 2, Math.min(until + 1, 9))}">${items.map(
      ({ sign: of, label, detail }) =>
        html`<span class="t">${sign(of)}${breakable(label)}</span><span class="y"><span class="ph">${laneNames[lane] ?? ''}: </span>${detail}</span>`,
    )}</span>`;
  });
  const wire = first < last ? html`<span class="wire a${first + 1} z${last + 1}" aria-hidden="true"></span>` : '';
  const kind = cause.sign === 'gone' ? 'gone' : cause.covers.units.length === 0 ? 'quiet' : '';
  return html`<li class="${kind}"><a href="#${cause.id}" data-c="${cause.id}">${wire}${nodes}<span class="vh say"><span>${words(cause.said)}</span></span></a></li>
`;
}

const laneNames = ['skeleton', 'presets', 'sysusers', 'tmpfiles', 'sysinit', 'sockets', 'basic', 'multi-user'];

/* Cards. */

function cardsView({ causes }: ReportModel): Html {
  if (causes.length === 0) {
    return html`<section id="breaks" aria-labelledby="h-breaks"><h2 id="h-breaks">What breaks</h2><p class="none">Nothing that the simulation knows of.</p></section>`;
  }
  const open = causes.slice(0, OPEN_CARDS);
  const folded = causes.slice(OPEN_CARDS);
  return html`<section id="breaks" aria-labelledby="h-breaks"><h2 id="h-breaks">What breaks</h2>
<p class="sub">One card per cause, most units first. Chains run from the effect to the cause.</p>
<div class="cards">${open.map(cardView)}${folded.map(
    (cause) =>
      html`<details><summary><span class="tw"></span> ${words(cause.title)}</summary>${cardView(cause)}</details>`,
  )}</div></section>`;
}

function cardView(cause: CauseModel): Html {
  const fix = fixView(cause);
  // The right column takes what happens where the fix leaves it empty, or the left one is long.
  const isRight = cause.quotes.length > 0 && (fix === undefined || cause.quotes.length > 2);
  const left = [
    cause.quotes.length > 0 ? html`<h4>Where</h4>${cause.quotes.map(quoteView)}` : undefined,
    isRight ? undefined : atBootView(cause),
  ];
  const right = [
    isRight ? atBootView(cause) : undefined,
    fix,
    cause.next.length > 0
      ? html`<p class="after">Next in line: ${cause.next.map((text, i) => html`${i > 0 ? '; ' : ''}${words(text)}`)}.</p>`
      : undefined,
  ];
  return html`<article class="card" id="${cause.id}" aria-labelledby="t-${cause.id}"><header>${sign(cause.sign)}<h3 id="t-${cause.id}">${words(cause.title)}</h3><span class="tag">${cause.tag} · <code>${cause.rule}</code></span><p class="why">${words(cause.why)}</p></header>${
    cause.chain.length === 0 ? '' : html`<ol class="g" aria-label="Cause chain">${cause.chain.map(stepView)}</ol>`
  }<div class="body"><div>${left}</div><div>${right}</div></div></article>
`;
}

function stepView({ nodes, edge }: ChainStep, index: number, steps: readonly ChainStep[]): Html {
  const [only] = nodes;
  const shown =
    nodes.length === 1 && only !== undefined
      ? nodeView(only)
      : html`<li class="st${nodes.every(({ fate }) => fate === undefined) ? ' flat' : ''}"><ol class="st2">${nodes.map(nodeView)}</ol></li>`;
  return html`${shown}${index < steps.length - 1 ? html`<li class="e${edge === '' ? '' : ' lb'}"><span>${edge}</span></li>` : ''}`;
}

function nodeView({ role, name, isName, state, fate, isEnd }: ChainNode): Html {
  if (isEnd) return html`<li class="n end">${role === '' ? '' : html`<small>${role}</small>`}${name}</li>`;
  const bad = state === 'fails' || state === 'gone' ? ' bad' : '';
  return html`<li class="n${bad}${isName ? '' : ' via'}"><small>${role}</small>${isName ? html`<b>${breakable(name)}</b>` : html`<span class="w">${name}</span>`}${
    fate === undefined ? '' : html`<em>${sign(state)}${fate}</em>`
  }</li>`;
}

function quoteView(quote: Quote): Html {
  const width = 3;
  const directory = parentPath(quote.file);
  const head = html`${directory === '/' ? '/' : `${directory}/`}<b>${baseName(quote.file)}:${quote.line}:${quote.column}</b>`;
  const lines = quote.lines.map(({ number, isContext, pieces }) => {
    const line = html`<span class="ln">${String(number).padStart(width)}</span>${pieces.map(pieceView)}`;
    const note =
      isContext || quote.note === undefined
        ? ''
        : html`<span class="an"><span class="ln"></span>${' '.repeat(quote.indent)}╰ ${quote.note}</span>`;
    return html`${isContext ? html`<span class="ctx">${line}</span>` : line}
${note}`;
  });
  return html`<figure class="q"><figcaption>${positionOf(quote.file, quote.line, quote.column, head)}</figcaption><pre><code>${lines}</code></pre></figure>`;
}

function pieceView({ text, style: of, isMarked }: Piece): Html {
  const inner = of === undefined ? html`${text}` : html`<span class="${of}">${text}</span>`;
  return isMarked ? html`<mark>${inner}</mark>` : inner;
}

function atBootView({ atBoot }: CauseModel): Html {
  return html`<h4>At boot</h4><table class="out"><caption class="vh">What becomes of each unit and line</caption><tbody>${atBoot.map(
    ({ sign: of, name, text }) => html`<tr><th scope="row">${sign(of)}${name}</th><td>${text}</td></tr>`,
  )}</tbody></table>`;
}

function fixView({ fixes, advice }: CauseModel): Html | undefined {
  if (fixes.length === 0 && advice.length === 0) return undefined;
  return html`<h4>Fix</h4>${fixes.map(fixBox)}${advice.map((text) => html`<p class="after">${text}</p>`)}`;
}

function fixBox({ file, lines }: { readonly file: string; readonly lines: readonly string[] }): Html {
  return html`<div class="fix"><div><span>${file}</span><button type="button" class="js" hidden data-copy aria-label="Copy the lines for ${baseName(file)}">Copy</button></div><pre><code>${lines
    .join('\n')
    .split('\n')
    .map(
      (line) => html`${line}
`,
    )}</code></pre></div>`;
}

/* The tree. */

const badges: Readonly<Record<TreeRow['badge'], readonly [string, string, string]>> = {
  kept: ['k', '', ''],
  new: ['n', 'new', '+ new'],
  changed: ['c', 'chg', '~ changed'],
  lost: ['need', 'f', '− lost'],
};

function toggle(key: string, text: Html | string, isOn: boolean): Html {
  return html`<button type="button" data-key="${key}" aria-pressed="${isOn ? 'true' : 'false'}">${text}</button>`;
}

function treeView({ tree }: ReportModel): Html {
  const lost = tree.packed.at.length > 0;
  return html`<section id="tree" aria-labelledby="h-tree"><h2 id="h-tree">Resulting tree</h2>
<p class="sub">/etc and /var when the boot is done, what is made elsewhere, and the line that made each path.${
    tree.leftOut > 0 ? ` ${counted(tree.leftOut, 'path')} more are not listed here.` : ''
  }</p>
<div class="tools js" role="group" aria-label="Filter the tree" hidden><label class="vh" for="tf">Filter paths</label><input class="in" id="tf" type="search" placeholder="Filter by path, owner or origin" autocomplete="off" spellcheck="false"><span id="tb" class="tg">${toggle('k', 'Kept', true)}${toggle('n', html`${sign('new')}New`, true)}${toggle('c', 'Changed', true)}${toggle('need', html`${sign('fails')}Lost and needed`, true)}${lost ? toggle('l', html`${sign('fails')}Other lost`, false) : ''}</span><button type="button" id="tx">Unfold all</button><span class="cnt" id="tc" aria-live="polite"></span></div>
<div class="tree" id="t"><div class="row thead"><span>Path</span><span>Mode</span><span>Owner</span><span>Made by</span></div>${treeList(tree.roots, 0, false)}</div>
</section>`;
}

function treeList(rows: readonly TreeRow[], depth: number, isLostAbove: boolean): Html {
  return html`<ul>${rows.map((row) => {
    const [key, className, text] = badges[row.badge];
    const isLost = row.badge === 'lost';
    const name = `${depth === 0 ? row.path : row.name}${row.isDirectory ? '/' : ''}`;
    const title = html`<span class="nm"><span class="tw"></span>${isLost ? html`<s>${name}</s>` : html`<span>${name}</span>`}${
      row.target === undefined ? '' : html`<span class="tgt">→ ${shortTarget(row.target)}</span>`
    }${text === '' || (isLost && isLostAbove) ? '' : html`<span class="bd ${className}">${text}</span>`}${
      row.hiddenBelow > 0 ? html`<span class="tgt needed">${grouped(row.hiddenBelow)} below</span>` : ''
    }${row.need === undefined ? '' : html`<a class="needed" href="#${row.need.cause}">needed by ${row.need.unit}</a>`}</span>`;
    const cells = html`${title}<span class="mo">${row.mode}</span><span class="ow">${row.owner}</span><span class="by"><i>${row.phase}</i> ${row.by}</span>`;
    const lost = isLost ? ' lost' : '';
    const content =
      row.children.length === 0
        ? html`<div class="row${lost}">${cells}</div>`
        : html`<details${isOpen(row, depth) ? trusted(' open') : ''}><summary class="row${lost}">${cells}</summary>${treeList(row.children, depth + 1, isLost)}</details>`;
    return html`<li data-k="${key}" data-p="${row.path}">${content}</li>
`;
  })}</ul>`;
}

/** Long unit paths of links say nothing that the link's name does not say. */
function shortTarget(target: string): string {
  return target.length > 34 || target.startsWith('/usr/lib/systemd/system/') ? `…/${baseName(target)}` : target;
}

/** Unfolded at first: the roots, what is lost and needed, and what is small. */
function isOpen(row: TreeRow, depth: number): boolean {
  return depth === 0 ? /^\/(etc|var)$/.test(row.path) : hasNeed(row) || sizeOf(row) <= 20;
}

function hasNeed(row: TreeRow): boolean {
  return row.need !== undefined || row.children.some(hasNeed);
}

function sizeOf(row: TreeRow): number {
  return row.children.reduce((sum, child) => sum + sizeOf(child), row.children.length);
}

/* Accounts. */

function accountsView({ users, groups }: ReportModel): Html {
  const moved = users.filter(({ today }) => today !== '').length;
  return html`<section id="accounts" aria-labelledby="h-acc"><h2 id="h-acc">Accounts</h2>
<p class="sub">Ids after the boot, and today where they differ.${
    moved === 0
      ? ''
      : ` ${counted(moved, 'user')} ${moved === 1 ? 'gets' : 'get'} another id: files outside /etc and /var that carry the old number change owner.`
  }</p>
<div class="cols"><div><h3>Users</h3>${accountTable(users, 'users')}</div><div><h3>Groups</h3>${accountTable(groups, 'groups')}</div></div>
</section>`;
}

function accountTable(rows: readonly AccountRow[], what: string): Html {
  const rank = ({ isLost, today }: AccountRow) => (isLost ? 0 : today !== '' ? 1 : 2);
  const shown = rows.filter(({ isPlain }) => !isPlain).sort((a, b) => rank(a) - rank(b));
  const plain = rows.filter(({ isPlain }) => isPlain);
  const table =
    shown.length === 0
      ? ''
      : html`<table class="tb"><thead><tr><th scope="col">Name</th><th scope="col" class="num">Id</th><th scope="col" class="num">Today</th><th scope="col">Made by</th><th scope="col">Wanted by</th></tr></thead><tbody>${shown.map(
          ({ name, id, today, isLost, by, wantedBy }) =>
            html`<tr><th scope="row">${isLost ? html`<s>${name}</s>` : name}</th><td class="num">${isLost ? html`<s>${id}</s>` : id}</td><td class="num">${today === '' ? '' : `was ${today}`}</td>${
              isLost ? html`<td class="f">${sign('fails')} ${by}</td>` : html`<td class="m">${by}</td>`
            }<td class="m">${words(wantedBy)}</td></tr>
`,
        )}</tbody></table>`;
  const rest =
    plain.length === 0
      ? ''
      : html`<details class="more"><summary><span class="tw"></span> ${plain.length}${shown.length === 0 ? '' : ' more'} ${what} as today</summary><ul>${plain.map(
          ({ name, id, by }) => html`<li title="${by}">${name}<span>${id}</span></li>`,
        )}</ul></details>`;
  return html`${table}${rest}`;
}

/* Units. */

const stateWords: Readonly<Record<UnitState, string>> = {
  fails: 'fails',
  gone: 'never started',
  later: 'fails when started',
  unknown: 'unknown',
  skipped: 'skipped',
  new: 'starts, new',
  starts: 'starts',
  idle: 'not started',
};

const shownAtFirst: ReadonlySet<UnitState> = new Set(['fails', 'gone', 'later', 'unknown', 'new']);

function unitsView({ units, idleCount }: ReportModel): Html {
  const states = (Object.keys(stateWords) as UnitState[]).filter((state) => units.some((unit) => unit.state === state));
  const sorted = [...units].sort((a, b) => rankOf(a) - rankOf(b));
  const idle =
    idleCount === 0
      ? ''
      : ` ${grouped(idleCount)} more ${idleCount === 1 ? 'is' : 'are'} known and not started, as today.`;
  if (units.length === 0) {
    return html`<section id="units" aria-labelledby="h-units"><h2 id="h-units">Units</h2><p class="none">The boot starts no unit that is known.</p></section>`;
  }
  return html`<section id="units" aria-labelledby="h-units"><h2 id="h-units">Units</h2>
<p class="sub">Every unit that the boot starts, would start or skips.${idle}</p>
<div class="tools js" role="group" aria-label="Filter the units" hidden><label class="vh" for="uf">Filter units</label><input class="in" id="uf" type="search" placeholder="Filter by unit or reason" autocomplete="off" spellcheck="false"><span id="ub" class="tg">${states.map(
    (state) =>
      toggle(
        state,
        html`${sign(signs[state])}${stateWords[state].charAt(0).toUpperCase()}${stateWords[state].slice(1)} ${units.filter((unit) => unit.state === state).length}`,
        shownAtFirst.has(state) || states.length === 1,
      ),
  )}</span><span class="cnt" id="uc" aria-live="polite"></span></div>
<table class="tb" id="u"><thead><tr><th scope="col">Outcome</th><th scope="col">Unit</th><th scope="col">Phase</th><th scope="col">Why</th><th scope="col">Today</th></tr></thead><tbody>${sorted.map(unitView)}</tbody></table>
</section>`;
}

function unitView({ name, state, lane, why, isCode, cause, today }: UnitRow): Html {
  const reason =
    cause !== undefined
      ? html`<a href="#${cause}">${why === '' ? 'see the cause' : why}</a>`
      : isCode
        ? html`<code class="dim">${why}</code>`
        : html`<span class="dim">${why}</span>`;
  return html`<tr data-s="${state}"><td class="oc ${ink(signs[state])}">${sign(signs[state])}${stateWords[state]}</td><th scope="row">${name}</th><td class="dim">${lane}</td><td class="why">${reason}</td><td class="dim">${today}</td></tr>
`;
}

/* Findings. */

const severityWords: Readonly<Record<Severity, readonly [string, string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
};

function findingsView({ findings, findingCounts }: ReportModel): Html {
  const { error, warning, info } = findings;
  const all = findingCounts.error + findingCounts.warning + findingCounts.info;
  const leftOut = all - error.length - warning.length - info.length;
  const counts = (['error', 'warning', 'info'] as const)
    .filter((severity) => findingCounts[severity] > 0)
    .map((severity) => counted(findingCounts[severity], ...severityWords[severity]));
  return html`<section id="findings" aria-labelledby="h-findings"><h2 id="h-findings">Findings</h2>
<p class="sub">${counts.length === 0 ? 'The rules have nothing to say.' : `What the rules say about the image’s files: ${counts.join(', ')}.${leftOut === 0 ? '' : ` ${grouped(leftOut)} of them are not listed here.`}`}</p>
${error.length + warning.length === 0 ? '' : html`<div class="fl">${[...error, ...warning].map(findingView)}</div>`}
${info.length === 0 ? '' : html`<details class="more notes"><summary><span class="tw"></span> ${counted(info.length, 'note')}</summary>${info.map(findingView)}</details>`}
</section>`;
}

function findingView({ finding, position, quote, cause }: FindingModel): Html {
  const { severity, confidence, rule, message, consequence, help, suggestion, related, place } = finding;
  const of: Sign | undefined = severity === 'error' ? 'fails' : severity === 'warning' ? 'skipped' : undefined;
  const where =
    quote === undefined
      ? html`<p><code>${positionOf(place.file, finding.range.start.line, finding.range.start.column, html`${place.file}${position}`)}</code></p>`
      : quoteView(quote);
  return html`<article class="fd"><div><h3>${sign(of)}${message}</h3>${where}</div><div class="rt"><p class="rule">${severityWords[severity][0]}, ${confidence} · <code>${rule}</code></p>${
    consequence === undefined ? '' : html`<p>${consequence}</p>`
  }${relatedView(related)}${cause === undefined ? html`${help === undefined ? '' : html`<p>${help}</p>`}${suggestion === undefined ? '' : fixBox(suggestion)}` : html`<p><a href="#${cause}">What breaks by it, and the fix</a></p>`}</div></article>
`;
}

function relatedView(related: LocatedFinding['related']): Html[] {
  return related.map(
    ({ file, line, message }) =>
      html`<p class="dim">${message}: <code>${positionOf(file, line, undefined, html`${file}${line === undefined ? '' : `:${line}`}`)}</code></p>`,
  );
}
