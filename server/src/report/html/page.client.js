/* What the page does beyond being read: telling chains, folding, filtering, copying, opening files in the editor. */
(() => {
  'use strict';
  const $ = (id) => document.getElementById(id);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const element = (tag, className, ...children) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children.filter((child) => child !== undefined && child !== ''));
    return made;
  };

  // What works only with this script is hidden without it.
  for (const part of all('.js')) part.hidden = false;

  // Inside the editor, positions open the file.
  if (typeof acquireVsCodeApi === 'function') {
    const editor = acquireVsCodeApi();
    for (const position of all('.pos[data-file]')) {
      const { file, line, column } = position.dataset;
      const link = element('a', 'pos', ...position.childNodes);
      link.href = '#';
      link.addEventListener('click', (event) => {
        event.preventDefault();
        editor.postMessage({ command: 'open', file, line: Number(line || 1), column: Number(column || 1) });
      });
      position.replaceWith(link);
    }
  }

  // The picture: a row tells its chain in words and lights its marks.
  const note = $('note');
  if (note) {
    const idle = [...note.childNodes];
    const marks = all('.marks .k');
    const tell = (row) => {
      const said = row?.querySelector('.say');
      note.replaceChildren(...(said ? [...said.cloneNode(true).childNodes] : idle));
      for (const mark of marks) mark.classList.toggle('off', Boolean(row) && mark.dataset.c !== row.dataset.c);
    };
    for (const row of all('.rows a')) {
      row.addEventListener('pointerenter', () => tell(row));
      row.addEventListener('pointerleave', () => tell(null));
      row.addEventListener('focus', () => tell(row));
      row.addEventListener('blur', () => tell(null));
    }
  }

  // A link to a card opens what it is folded into.
  const reveal = () => {
    const target = location.hash.length > 1 ? $(decodeURIComponent(location.hash.slice(1))) : null;
    for (let at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    if (target && target.tagName === 'ARTICLE') {
      target.tabIndex = -1;
      target.focus();
    }
  };
  addEventListener('hashchange', reveal);
  reveal();

  for (const button of all('button[data-copy]')) {
    button.addEventListener('click', async () => {
      const lines = button.closest('.fix').querySelector('pre');
      try {
        await navigator.clipboard.writeText(`${lines.textContent.trim()}\n`);
        button.textContent = 'Copied';
      } catch {
        const range = document.createRange();
        range.selectNodeContents(lines);
        const selection = getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        button.textContent = 'Selected';
      }
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 1600);
    });
  }

  /* Buttons that are on or off; returns the keys of those that are on. */
  const toggles = (host, change) => {
    const buttons = all('button[data-key]', host);
    for (const button of buttons) {
      button.addEventListener('click', () => {
        button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
        change();
      });
    }
    return () => new Set(buttons.filter((b) => b.getAttribute('aria-pressed') === 'true').map((b) => b.dataset.key));
  };

  const tree = $('t');
  if (tree) {
    let items = [];
    const collect = () => {
      items = all('li', tree).map((li) => {
        const row = li.querySelector('.row');
        return {
          li,
          kind: li.dataset.k,
          fold: li.firstElementChild.tagName === 'DETAILS' ? li.firstElementChild : null,
          above: li.parentElement.closest('li'),
          text: `${li.dataset.p} ${row.textContent}`.toLowerCase(),
        };
      });
    };
    let folded;
    const filter = () => {
      const wanted = $('tf').value.trim().toLowerCase();
      const on = enabled();
      if (on.has('l')) unpack();
      const visible = new Set();
      let count = 0;
      for (const item of items) {
        if (!on.has(item.kind) || (wanted && !item.text.includes(wanted))) continue;
        count += 1;
        for (let li = item.li; li && !visible.has(li); li = li.parentElement.closest('li')) visible.add(li);
      }
      if (wanted && !folded) folded = new Map(items.map((item) => [item.fold, item.fold?.open]));
      for (const item of items) {
        item.li.hidden = !visible.has(item.li);
        if (item.fold && wanted) item.fold.open = true;
        else if (item.fold && folded?.has(item.fold)) item.fold.open = folded.get(item.fold);
      }
      if (!wanted) folded = undefined;
      $('tc').textContent = `${count} of ${items.length} paths shown`;
    };
    const enabled = toggles($('tb'), filter);

    // Lost paths that nothing needs are most of the page; they become rows when they are asked for.
    let isPacked = true;
    const unpack = () => {
      if (!isPacked) return;
      isPacked = false;
      const { owners, at } = JSON.parse($('data').textContent);
      const build = (entries, path, isTop) => {
        const list = element('ul');
        for (const [name, mode, owner, below] of entries) {
          const title = element('span', 'nm', element('span', 'tw'), element('s', '', name));
          if (isTop) title.append(element('span', 'bd f', '− lost'));
          const hasBelow = below && below.length > 0;
          const row = element(hasBelow ? 'summary' : 'div', 'row lost', title);
          row.append(element('span', 'mo', mode), element('span', 'ow', owners[owner]));
          row.append(element('span', 'by', element('i', '', 'nothing'), ' brings it back'));
          const li = element('li');
          li.dataset.k = 'l';
          li.dataset.p = `${path}/${name}`;
          if (hasBelow) li.append(element('details', '', row, build(below, `${path}/${name.slice(0, -1)}`, false)));
          else li.append(row);
          list.append(li);
        }
        return list;
      };
      const parents = new Map(all('li', tree).map((li) => [li.dataset.p, li]));
      for (const [path, entries] of at) {
        const parent = parents.get(path);
        if (!parent) continue;
        const made = build(entries, path, !parent.querySelector('.row').classList.contains('lost'));
        let fold = parent.querySelector(':scope > details');
        if (!fold) {
          const row = parent.querySelector('.row');
          const summary = element('summary', row.className, ...row.childNodes);
          fold = element('details', '', summary, element('ul'));
          row.replaceWith(fold);
        }
        const list = fold.querySelector(':scope > ul');
        const rows = [...list.children, ...made.children];
        const key = (li) => li.dataset.p.replace(/\/$/, '');
        rows.sort((a, b) => (key(a) < key(b) ? -1 : 1));
        list.replaceChildren(...rows);
      }
      collect();
    };
    collect();
    $('tf').addEventListener('input', filter);
    filter();
    $('tx').addEventListener('click', () => {
      const open = $('tx').textContent === 'Unfold all';
      for (const item of items) if (item.fold) item.fold.open = open || !item.above;
      $('tx').textContent = open ? 'Fold all' : 'Unfold all';
    });
  }

  const units = $('u');
  if (units) {
    const rows = all('tbody tr', units).map((row) => ({
      row,
      state: row.dataset.s,
      text: row.textContent.toLowerCase(),
    }));
    const filter = () => {
      const wanted = $('uf').value.trim().toLowerCase();
      const on = enabled();
      let count = 0;
      for (const { row, state, text } of rows) {
        row.hidden = !on.has(state) || (wanted !== '' && !text.includes(wanted));
        if (!row.hidden) count += 1;
      }
      $('uc').textContent = `${count} of ${rows.length} units shown`;
    };
    const enabled = toggles($('ub'), filter);
    $('uf').addEventListener('input', filter);
    filter();
  }
})();
