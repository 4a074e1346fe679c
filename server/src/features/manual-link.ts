/** Where systemd's manual pages stand on the web. */

/** Address of a page named as `systemd.exec(5)`; with `anchor` (`User=`) of what it says of one setting. */
export function manualAddress(page: string, anchor = ''): string {
  const name = page.replace(/\(\d\w*\)$/, '');
  const place = anchor === '' ? '' : `#${encodeURIComponent(anchor)}`;
  return `https://www.freedesktop.org/software/systemd/man/latest/${name}.html${place}`;
}
