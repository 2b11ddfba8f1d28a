import type { ReactNode } from 'react';
import { cx } from '../lib/class-names';
import { LoadMore, type Pages } from './load-more';

export interface Column<T> {
  key: string;
  title: string;
  cell: (row: T) => ReactNode;
  align?: 'end';
  /** Hidden below this width. */
  from?: 'md' | 'lg' | 'xl';
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  /** Where the rows come from, when there may be more of them. */
  pages?: Pages;
}

const shownFrom = { md: 'hidden md:table-cell', lg: 'hidden lg:table-cell', xl: 'hidden xl:table-cell' };

/** Rows in columns. The first cell should hold a link or button, so that the keyboard reaches the row. */
export function DataTable<T>({ label, columns, rows, rowKey, onOpen, pages }: Props<T>) {
  return (
    <div className="overflow-x-auto rounded-xl border border-line bg-panel shadow-card">
      <table aria-label={label} className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line text-xs text-muted">
            {columns.map(({ key, title, align, from }) => (
              <th
                key={key}
                scope="col"
                className={cx(
                  'h-10 px-4 font-medium whitespace-nowrap',
                  align === 'end' && 'text-right',
                  from && shownFrom[from],
                )}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              onClick={onOpen && (() => onOpen(row))}
              className={cx('border-b border-line last:border-0', onOpen && 'cursor-pointer hover:bg-hover')}
            >
              {columns.map(({ key, cell, align, from }) => (
                <td
                  key={key}
                  className={cx('px-4 py-2.5', align === 'end' && 'text-right', from && shownFrom[from])}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {pages && <LoadMore pages={pages} />}
    </div>
  );
}
