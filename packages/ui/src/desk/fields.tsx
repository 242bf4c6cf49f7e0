import { Check, ChevronDown, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components/Button';
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox';
import { ComboBox } from 'react-aria-components/ComboBox';
import { FieldError } from 'react-aria-components/FieldError';
import { Group } from 'react-aria-components/Group';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { NumberField as AriaNumberField } from 'react-aria-components/NumberField';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField } from 'react-aria-components/TextField';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong and what to do; shown instead of the hint. */
  readonly fault?: string | undefined;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  readonly name?: string;
  readonly autoFocus?: boolean;
}

function Below({ hint, fault }: { hint?: ReactNode; fault?: string | undefined }) {
  if (fault) return <FieldError className="fault">{fault}</FieldError>;
  return hint ? (
    <Text slot="description" className="hint">
      {hint}
    </Text>
  ) : null;
}

export interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly maxLength?: number;
  /** Several lines. */
  readonly multiline?: boolean;
  readonly inputMode?: 'text' | 'numeric' | 'search';
  readonly type?: 'text' | 'search';
}

/** One line of text, or several with `multiline`. */
export function TextField({ label, hint, fault, multiline = false, placeholder = '', ...rest }: TextFieldProps) {
  return (
    <AriaTextField {...rest} className="field" isInvalid={fault !== undefined} autoComplete="off">
      <Label className="label">{label}</Label>
      {multiline ? <TextArea className="input" placeholder={placeholder} /> : <Input className="input" placeholder={placeholder} />}
      <Below hint={hint} fault={fault} />
    </AriaTextField>
  );
}

export interface NumberFieldProps extends FieldProps {
  readonly value: number;
  /** NaN while the field is empty. */
  readonly onChange: (value: number) => void;
  readonly least?: number;
  readonly most?: number;
  readonly step?: number;
}

/** A whole number with steps; plain Latin digits in every language. */
export function NumberField({ label, hint, fault, least, most, ...rest }: NumberFieldProps) {
  const { t } = useTranslation('common');
  const bounds = { ...(least !== undefined ? { minValue: least } : {}), ...(most !== undefined ? { maxValue: most } : {}) };
  return (
    <AriaNumberField
      {...rest}
      {...bounds}
      className="field"
      isInvalid={fault !== undefined}
      formatOptions={{ useGrouping: false, numberingSystem: 'latn' }}
      decrementAriaLabel={t('field.decrease')}
      incrementAriaLabel={t('field.increase')}
    >
      <Label className="label">{label}</Label>
      <Group className="number">
        <Button slot="decrement">
          <Minus aria-hidden />
        </Button>
        <Input />
        <Button slot="increment">
          <Plus aria-hidden />
        </Button>
      </Group>
      <Below hint={hint} fault={fault} />
    </AriaNumberField>
  );
}

export interface Option {
  readonly id: string;
  readonly label: string;
  readonly detail?: ReactNode;
  readonly isDisabled?: boolean;
}

function options(items: readonly Option[]) {
  return items.map(({ id, label, detail, isDisabled = false }) => (
    <ListBoxItem key={id} id={id} textValue={label} isDisabled={isDisabled} className="option">
      {label}
      {detail && <span className="end">{detail}</span>}
    </ListBoxItem>
  ));
}

export interface SelectProps extends FieldProps {
  readonly items: readonly Option[];
  readonly selected: string | null;
  readonly onChange: (id: string) => void;
  readonly placeholder?: string;
}

/** One of a short list. */
export function Select({ label, hint, fault, items, selected, onChange, placeholder, ...rest }: SelectProps) {
  const { t } = useTranslation('common');
  return (
    <AriaSelect
      {...rest}
      className="field"
      isInvalid={fault !== undefined}
      value={selected}
      placeholder={placeholder ?? t('field.choose')}
      onChange={(key) => key !== null && onChange(String(key))}
    >
      <Label className="label">{label}</Label>
      <Button className="select">
        <SelectValue />
        <ChevronDown aria-hidden />
      </Button>
      <Below hint={hint} fault={fault} />
      <Popover className="popover">
        <ListBox>{options(items)}</ListBox>
      </Popover>
    </AriaSelect>
  );
}

export interface ComboProps extends FieldProps {
  readonly items: readonly Option[];
  readonly selected: string | null;
  readonly onChange: (id: string | null) => void;
  readonly placeholder?: string;
}

/** One of a long list, found by typing. */
export function Combo({ label, hint, fault, items, selected, onChange, placeholder, ...rest }: ComboProps) {
  const { t } = useTranslation('common');
  return (
    <ComboBox
      {...rest}
      className="field"
      isInvalid={fault !== undefined}
      value={selected}
      onChange={(key) => onChange(key === null ? null : String(key))}
      allowsEmptyCollection
      menuTrigger="focus"
    >
      <Label className="label">{label}</Label>
      <div className="combo">
        <Input className="input" placeholder={placeholder ?? t('field.choose')} />
        <Button>
          <ChevronDown aria-hidden />
        </Button>
      </div>
      <Below hint={hint} fault={fault} />
      <Popover className="popover">
        <ListBox renderEmptyState={() => <span className="option">{t('field.noMatch')}</span>}>{options(items)}</ListBox>
      </Popover>
    </ComboBox>
  );
}

/** A box with its words; the words are part of the target. */
export function Checkbox({
  children,
  isSelected,
  onChange,
  isDisabled = false,
}: {
  children: ReactNode;
  isSelected: boolean;
  onChange: (selected: boolean) => void;
  isDisabled?: boolean;
}) {
  return (
    <AriaCheckbox className="checkbox" isSelected={isSelected} onChange={onChange} isDisabled={isDisabled}>
      <span className="box">{isSelected && <Check aria-hidden />}</span>
      {children}
    </AriaCheckbox>
  );
}
