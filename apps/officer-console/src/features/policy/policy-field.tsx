import { Button, Checkbox, NumberField, Select, TextField, TimeField } from '@sallyport/ui';
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePolicyWords } from './policy-words';
import { childrenOf, emptyOf, type Field, isClock, isSpan, type Path } from './schema';

interface FieldProps {
  readonly field: Field;
  readonly value: unknown;
  readonly isEditing: boolean;
  readonly fault: string | undefined;
  readonly onChange: (path: Path, value: unknown) => void;
}

/** Their labels say it all. */
const SPAN_PARTS: ReadonlySet<string> = new Set(['start', 'end']);

/** What a setting does, then its bounds and its default. The parts of a span need no words of their own. */
function useHint(field: Field): ReactNode {
  const { t } = useTranslation('console');
  const words = usePolicyWords();
  const { minimum, maximum, minItems, maxItems, default: fallback } = field.node;
  const limits = [
    minimum !== undefined && maximum !== undefined ? t('policy.bounds', { from: minimum, to: maximum }) : undefined,
    minItems !== undefined && maxItems !== undefined ? t('policy.length', { from: minItems, to: maxItems }) : undefined,
    fallback !== undefined ? t('policy.default', { value: words.show(fallback) }) : undefined,
  ].filter((part) => part !== undefined);
  const isPart = field.path.some((step) => typeof step === 'number') || SPAN_PARTS.has(String(field.path.at(-1)));
  const about = isPart ? undefined : words.about(field.path);
  if (!about && limits.length === 0) return undefined;
  return (
    <>
      {about && <span className="block">{about}</span>}
      {limits.join(' · ')}
    </>
  );
}

/** One value as it stands, for those who may only read and for what nobody can change. */
function Shown({ field, value }: Pick<FieldProps, 'field' | 'value'>) {
  const { t } = useTranslation('console');
  const words = usePolicyWords();
  const hint = useHint(field);
  return (
    <div className="policy-shown">
      <span className="label">{words.label(field.path)}</span>
      <b>{words.show(value)}</b>
      <span className="hint">
        {hint} {field.node.const !== undefined && t('policy.fixed')}
      </span>
    </div>
  );
}

function ListField({ field, value, isEditing, fault, onChange }: FieldProps) {
  const { t } = useTranslation('console');
  const words = usePolicyWords();
  const hint = useHint(field);
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  const { items = {}, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = field.node;
  const set = (next: readonly unknown[]) => onChange(field.path, next);
  return (
    <fieldset className="policy-list">
      <legend>{words.label(field.path)}</legend>
      {list.map((item, index) => (
        // An item has no name of its own: its place in the list is what it is.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="policy-item">
          <ValueField field={{ path: [...field.path, index], node: items }} value={item} isEditing={isEditing} fault={undefined} onChange={onChange} />
          <Button
            size="sm"
            tone="quiet"
            icon={X}
            aria-label={t('policy.remove', { n: index + 1 })}
            isDisabled={list.length <= minItems}
            onPress={() => set(list.filter((_, other) => other !== index))}
          />
        </div>
      ))}
      <Button size="sm" icon={Plus} isDisabled={list.length >= maxItems} onPress={() => set([...list, emptyOf(items)])}>
        {t('policy.add')}
      </Button>
      <span className={fault ? 'fault' : 'hint'}>{fault ?? hint}</span>
    </fieldset>
  );
}

function Choice({ field, value, fault, onChange }: FieldProps) {
  const words = usePolicyWords();
  const hint = useHint(field);
  const options = field.node.enum ?? [];
  return (
    <Select
      label={words.label(field.path)}
      hint={hint}
      fault={fault}
      items={options.map((option) => ({ id: String(option), label: words.option(option) }))}
      selected={String(value)}
      onChange={(id) =>
        onChange(
          field.path,
          options.find((option) => String(option) === id),
        )
      }
    />
  );
}

/** The control that fits what may stand at a place of the document. */
export function ValueField(props: FieldProps) {
  const { field, value, isEditing, fault, onChange } = props;
  const words = usePolicyWords();
  const hint = useHint(field);
  const { node, path } = field;
  const isItem = typeof path.at(-1) === 'number';
  const label = isItem ? String(Number(path.at(-1)) + 1) : words.label(path);
  if (!isEditing || node.const !== undefined) return <Shown field={field} value={value} />;
  if (node.properties) {
    return (
      <div className="policy-parts" data-span={isSpan(node) ? '' : undefined} role="group" aria-label={label}>
        {!isItem && <span className="label">{label}</span>}
        {!isItem && hint && <span className="hint">{hint}</span>}
        {childrenOf(field).map((child) => (
          <ValueField
            key={child.path.join('.')}
            {...props}
            field={child}
            value={(value as Record<string, unknown>)[String(child.path.at(-1))]}
            fault={undefined}
          />
        ))}
        {fault && <span className="fault">{fault}</span>}
      </div>
    );
  }
  if (node.type === 'array') return <ListField {...props} />;
  if (node.enum) return <Choice {...props} />;
  if (node.type === 'boolean') {
    return (
      <div className="policy-shown">
        <Checkbox isSelected={value === true} onChange={(on) => onChange(path, on)}>
          {label}
        </Checkbox>
        <span className="hint">{hint}</span>
      </div>
    );
  }
  if (node.type === 'integer' || node.type === 'number') {
    const bounds = { ...(node.minimum === undefined ? {} : { least: node.minimum }), ...(node.maximum === undefined ? {} : { most: node.maximum }) };
    return <NumberField label={label} hint={hint} fault={fault} value={Number(value)} onChange={(n) => onChange(path, n)} {...bounds} />;
  }
  if (isClock(node)) return <TimeField label={label} hint={hint} fault={fault} value={String(value)} onChange={(time) => onChange(path, time)} />;
  return (
    <TextField label={label} hint={hint} fault={fault} value={String(value)} maxLength={node.maxLength ?? 100} onChange={(text) => onChange(path, text)} />
  );
}
