import { ChevronDown, ChevronUp, type LucideIcon } from 'lucide-react';
import { type CSSProperties, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Ltr } from '../lib/ltr';
import { useTextSize } from '../lib/text-size';
import { BarePress } from './press';

export interface Choice {
  readonly id: string;
  readonly label: ReactNode;
  readonly detail?: ReactNode;
  readonly icon?: LucideIcon;
  readonly isDisabled?: boolean;
  /** The one in use now. */
  readonly isCurrent?: boolean;
}
export interface ChoiceListProps {
  readonly items: readonly Choice[];
  readonly onChoose: (id: string) => void;
  readonly columns?: 1 | 2 | 3;
  /** Rows of one page; a 10.1" panel holds four rows of 20 mm. */
  readonly rows?: number;
  readonly 'aria-label'?: string;
}

/** Up and down by pages, big enough for any finger; there is no scrolling in a cell. */
export function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const { t } = useTranslation('common');
  return (
    <div className="pager">
      <BarePress aria-label={t('nav.previousPage')} isDisabled={page === 0} onPress={() => onPage(page - 1)}>
        <ChevronUp aria-hidden />
      </BarePress>
      <span aria-label={t('nav.page', { page: page + 1, pages })} role="status">
        <Ltr>
          {page + 1} / {pages}
        </Ltr>
      </span>
      <BarePress aria-label={t('nav.nextPage')} isDisabled={page === pages - 1} onPress={() => onPage(page + 1)}>
        <ChevronDown aria-hidden />
      </BarePress>
    </div>
  );
}

function ChoicePress({ choice, onChoose }: { choice: Choice; onChoose: (id: string) => void }) {
  const { id, label, detail, icon: Icon, isDisabled = false, isCurrent = false } = choice;
  return (
    <BarePress guard isDisabled={isDisabled} className="choice" data={isCurrent ? { 'data-current': '' } : {}} onPress={() => onChoose(id)}>
      {Icon && <Icon aria-hidden />}
      <span className="text">
        {label}
        {detail && <small>{detail}</small>}
      </span>
    </BarePress>
  );
}

/** So few answers that they can be set larger. */
const FEW = 2;

/** Columns and rows of a page with larger text: longer words need the width of two, longer answers the height. */
const LARGE_COLUMNS = 2;
const LARGE_ROWS = 3;

/** The answers to a question: at most six on a page, otherwise pages of `rows` rows. The order is the caller's and is never changed. */
export function ChoiceList({ items, onChoose, columns: columnsWanted = 1, rows: rowsWanted = 4, 'aria-label': label }: ChoiceListProps) {
  const { large } = useTextSize();
  const columns = large ? Math.min(columnsWanted, LARGE_COLUMNS) : columnsWanted;
  const rows = large ? Math.min(rowsWanted, LARGE_ROWS) : rowsWanted;
  const [wanted, setPage] = useState(0);
  const size = columns * rows;
  const pages = Math.max(1, Math.ceil(items.length / size));
  const page = Math.min(wanted, pages - 1);
  const list = (
    <div
      className="choices"
      style={{ '--columns': columns, '--rows': rows } as CSSProperties}
      data-columns={columns}
      data-paged={pages > 1 ? '' : undefined}
      data-few={items.length <= FEW ? '' : undefined}
      role="group"
      aria-label={label}
    >
      {items.slice(page * size, (page + 1) * size).map((choice) => (
        <ChoicePress key={choice.id} choice={choice} onChoose={onChoose} />
      ))}
    </div>
  );
  if (pages === 1) return list;
  return (
    <div className="choices-paged">
      {list}
      <Pager page={page} pages={pages} onPage={setPage} />
    </div>
  );
}
