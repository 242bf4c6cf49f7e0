import { Button } from '@sallyport/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface Pages {
  readonly cursor: string | undefined;
  readonly isFirst: boolean;
  readonly forward: (cursor: string) => void;
  readonly back: () => void;
}

/** Where a long list stands. Another question, told by `question`, begins at the first page. */
export function usePages(question: string): Pages {
  const [at, setAt] = useState<{ question: string; cursors: readonly string[] }>({ question, cursors: [] });
  const cursors = at.question === question ? at.cursors : [];
  return {
    cursor: cursors.at(-1),
    isFirst: cursors.length === 0,
    forward: (cursor) => setAt({ question, cursors: [...cursors, cursor] }),
    back: () => setAt({ question, cursors: cursors.slice(0, -1) }),
  };
}

/** Page up and page down of a long list; nothing when one page holds it all. */
export function PageButtons({ pages, next }: { pages: Pages; next: string | null }) {
  const { t } = useTranslation('common');
  if (pages.isFirst && !next) return null;
  return (
    <div className="flex gap-3 p-3">
      <Button isDisabled={pages.isFirst} onPress={pages.back}>
        {t('nav.previousPage')}
      </Button>
      <Button isDisabled={!next} onPress={() => next && pages.forward(next)}>
        {t('nav.nextPage')}
      </Button>
    </div>
  );
}
