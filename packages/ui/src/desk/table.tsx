import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Cell, Column as AriaColumn, Row, type SortDescriptor, Table as AriaTable, TableBody, TableHeader } from 'react-aria-components/Table';

export interface Column<Item> {
  readonly id: string;
  readonly label: ReactNode;
  readonly cell: (item: Item) => ReactNode;
  /** Numbers and amounts stand at the end. */
  readonly align?: 'start' | 'end';
  readonly sortable?: boolean;
  /** The column that names the row for screen readers; the first by default. */
  readonly rowHeader?: boolean;
}
export interface TableProps<Item> {
  readonly 'aria-label': string;
  readonly columns: readonly Column<Item>[];
  readonly rows: readonly Item[];
  readonly rowId: (item: Item) => string;
  readonly onOpen?: (id: string) => void;
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (ids: ReadonlySet<string>) => void;
  readonly sort?: { readonly column: string; readonly direction: 'ascending' | 'descending' };
  readonly onSort?: (sort: { column: string; direction: 'ascending' | 'descending' }) => void;
  readonly empty?: ReactNode;
}

function heading<Item>(column: Column<Item>, isHeader: boolean) {
  return (
    <AriaColumn key={column.id} id={column.id} isRowHeader={isHeader} allowsSorting={column.sortable ?? false} data-align={column.align ?? 'start'}>
      {({ sortDirection }) => (
        <span className="sort">
          {column.label}
          {sortDirection === 'ascending' && <ArrowUp aria-hidden size={14} />}
          {sortDirection === 'descending' && <ArrowDown aria-hidden size={14} />}
        </span>
      )}
    </AriaColumn>
  );
}

/** A table with keyboard rows, sorting and selection. Put it in an element with class `scroll` when it may be long. */
export function Table<Item>({ columns, rows, rowId, onOpen, selected, onSelect, sort, onSort, empty, 'aria-label': label }: TableProps<Item>) {
  const header = columns.find(({ rowHeader }) => rowHeader) ?? columns[0];
  const sorting = onSort ? { onSortChange: ({ column, direction }: SortDescriptor) => onSort({ column: String(column), direction }) } : {};
  const selecting = onSelect
    ? {
        selectionMode: 'multiple' as const,
        selectedKeys: new Set(selected),
        onSelectionChange: (keys: 'all' | Set<string | number>) => onSelect(keys === 'all' ? new Set(rows.map(rowId)) : new Set([...keys].map(String))),
      }
    : {};
  return (
    <AriaTable
      className="sheet"
      aria-label={label}
      {...sorting}
      {...selecting}
      {...(sort ? { sortDescriptor: sort } : {})}
      {...(onOpen ? { onRowAction: (key: string | number) => onOpen(String(key)) } : {})}
    >
      <TableHeader>{columns.map((column) => heading(column, column === header))}</TableHeader>
      <TableBody renderEmptyState={() => empty}>
        {rows.map((item) => (
          <Row key={rowId(item)} id={rowId(item)} data-has-action={onOpen ? '' : undefined}>
            {columns.map(({ id, cell, align = 'start' }) => (
              <Cell key={id} data-align={align}>
                {cell(item)}
              </Cell>
            ))}
          </Row>
        ))}
      </TableBody>
    </AriaTable>
  );
}
