import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Path } from './schema';

/** Names of settings and values in the officer's language. A setting that has no name yet shows its own, so that nothing is hidden. */
export function usePolicyWords() {
  const { t, i18n } = useTranslation('console');
  const word = useCallback((key: string, fallback: string) => (i18n.exists(`console:${key}`) ? String(t(key as never)) : fallback), [t, i18n]);
  return useMemo(() => {
    const label = (path: Path): string => {
      const name = String(path.at(-1));
      if (path.length === 1) return word(`policy.section.${name}`, name);
      if (path.at(-2) === 'kinds') return word(`kind.${name}`, name);
      return word(`policy.field.${name}`, word(`policy.group.${name}`, name));
    };
    const option = (value: unknown): string => {
      const text = String(value);
      return word(`class.${text}`, word(`role.${text}`, word(`policy.activity.${text}`, text)));
    };
    const show = (value: unknown): string => {
      if (typeof value === 'boolean') return t(value ? 'policy.on' : 'policy.off');
      if (Array.isArray(value)) return value.map(show).join(' · ');
      if (typeof value !== 'object' || value === null) return option(value ?? '');
      const entries = Object.entries(value);
      return entries
        .map(([name, inner]) => (name === 'start' || name === 'at' ? show(inner) : name === 'end' ? `–${show(inner)}` : ` ${show(inner)}`))
        .join('');
    };
    return {
      label,
      option,
      show,
      /** "Duty · Sign-in · Opens before (min)" */
      whole: (path: string) => {
        const steps = path.split('.');
        return steps.map((_, index) => label(steps.slice(0, index + 1))).join(' · ');
      },
      /** What a setting does, or nothing for one that has no words yet; a test sees to it that none lacks them. */
      about: (path: Path): string | undefined => word(`policy.about.${String(path.filter((step) => typeof step === 'string').at(-1))}`, '') || undefined,
    };
  }, [t, word]);
}
