export type Cell = string | number;

/** Prints rows below their heads; words left, figures right. */
export function printTable(title: string, heads: string[], rows: Cell[][]): void {
  console.log(`\n${tableOf(title, heads, rows)}`);
}

/** As Markdown, so that it can stand in a document as it was printed. */
export function tableOf(title: string, heads: string[], rows: Cell[][]): string {
  const cells = rows.map((row) => row.map(String));
  const widths = heads.map((head, at) =>
    Math.max(head.length, ...cells.map((row) => (row[at] ?? '').length)),
  );
  const line = (row: string[]) =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(Math.max(1, width - 1))}:`)).join(' | ')} |`;
  return [`### ${title}`, '', line(heads), rule, ...cells.map(line)].join('\n');
}

/** A figure with as many digits as it is worth; `-` for none. */
export function figure(value: number, digits?: number): string {
  if (Number.isNaN(value)) return '-';
  if (value === Infinity) return 'never';
  return value.toFixed(digits ?? (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2));
}

export const ratio = (value: number): string => (Number.isNaN(value) ? '-' : `${value.toFixed(2)}x`);
