import { role, verdict } from '@sallyport/contracts';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** The note of an event: words of a person stay as they are; names of posts, to whom something was passed on, and of the verdict that was undone are put into words. */
export function useNoteWords(): (what: string, note: string | null) => string | null {
  const { t } = useTranslation('console');
  return useCallback(
    (what, note) => {
      if (note === null) return note;
      const undone = what === 'undone' ? verdict.safeParse(note) : null;
      if (undone?.success) return t(`verdict.${undone.data}`);
      if (what !== 'escalated') return note;
      const words = note.split(/[\s,]+/).map((part) => {
        const known = role.safeParse(part);
        return known.success ? t(`role.${known.data}`) : part;
      });
      return words.join(' · ');
    },
    [t],
  );
}
