import { type CalendarDate, type CalendarDateTime, parseDate, parseDateTime, parseTime, setLocalTimeZone, type Time } from '@internationalized/date';
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components/Button';
import { Calendar, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell } from 'react-aria-components/Calendar';
import { DateInput, DateSegment } from 'react-aria-components/DateField';
import { DatePicker } from 'react-aria-components/DatePicker';
import { Dialog } from 'react-aria-components/Dialog';
import { FieldError } from 'react-aria-components/FieldError';
import { Group } from 'react-aria-components/Group';
import { Heading } from 'react-aria-components/Heading';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Label } from 'react-aria-components/Label';
import { Popover } from 'react-aria-components/Popover';
import { Text } from 'react-aria-components/Text';
import { TimeField as AriaTimeField } from 'react-aria-components/TimeField';

export interface DateFieldProps {
  readonly label: string;
  readonly value: string;
  /** Empty until the value is whole. */
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
  readonly isDisabled?: boolean;
}

/** Makes "today" of every calendar the site's, whatever the machine says. Call it once the site's zone is known. */
export function useCalendarZone(zone: string): void {
  useEffect(() => setLocalTimeZone(zone), [zone]);
}

/** The order of the parts is that of every other date of the desk: year, month, day. American English would put the month first. */
function Ordered({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  return i18n.resolvedLanguage === 'en' ? <I18nProvider locale="en-CA">{children}</I18nProvider> : children;
}

function Segments() {
  return <DateInput className="segments">{(segment) => <DateSegment segment={segment}>{({ text }) => text.replaceAll('/', '-')}</DateSegment>}</DateInput>;
}

function Below({ hint, fault }: Pick<DateFieldProps, 'hint' | 'fault'>) {
  if (fault) return <FieldError className="fault">{fault}</FieldError>;
  return hint ? (
    <Text slot="description" className="hint">
      {hint}
    </Text>
  ) : null;
}

function CalendarPopover() {
  const { t } = useTranslation('common');
  return (
    <Popover className="popover">
      <Dialog className="calendar-dialog">
        <Calendar className="calendar" firstDayOfWeek="mon">
          <header>
            <Button slot="previous" aria-label={t('field.previousMonth')}>
              <ChevronLeft aria-hidden />
            </Button>
            <Heading />
            <Button slot="next" aria-label={t('field.nextMonth')}>
              <ChevronRight aria-hidden />
            </Button>
          </header>
          <CalendarGrid>
            <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
            <CalendarGridBody>{(date) => <CalendarCell date={date} className="calendar-day" />}</CalendarGridBody>
          </CalendarGrid>
        </Calendar>
      </Dialog>
    </Popover>
  );
}

interface PickerProps extends Omit<DateFieldProps, 'value' | 'onChange'> {
  readonly value: CalendarDate | CalendarDateTime | null;
  readonly granularity: 'day' | 'minute';
  readonly onChange: (value: CalendarDate | CalendarDateTime | null) => void;
}

function Picker({ label, hint, fault, ...rest }: PickerProps) {
  const { t } = useTranslation('common');
  return (
    <Ordered>
      <DatePicker {...rest} className="field" isInvalid={fault !== undefined} hourCycle={24} shouldForceLeadingZeros>
        <Label className="label">{label}</Label>
        <Group className="input date">
          <Segments />
          <Button aria-label={t('field.calendar')}>
            <CalendarDays aria-hidden />
          </Button>
        </Group>
        <Below hint={hint} fault={fault} />
        <CalendarPopover />
      </DatePicker>
    </Ordered>
  );
}

/** A text as a value, or null while it is not whole: what stands in an address or a document may be anything. */
function read<Value>(parse: (text: string) => Value, text: string): Value | null {
  try {
    return text === '' ? null : parse(text);
  } catch {
    return null;
  }
}

/** A day of the site's calendar, "2026-11-22", typed part by part or chosen from the month. */
export function DateField({ value, onChange, ...rest }: DateFieldProps) {
  return <Picker {...rest} granularity="day" value={read(parseDate, value)} onChange={(date) => onChange(date?.toString() ?? '')} />;
}

/** A day and a time of day at the site, "2026-11-22T21:30"; the caller knows the zone. */
export function DateTimeField({ value, onChange, ...rest }: DateFieldProps) {
  return <Picker {...rest} granularity="minute" value={read(parseDateTime, value)} onChange={(date) => onChange(date?.toString().slice(0, 16) ?? '')} />;
}

/** A time of day, "21:30", in 24 hours. */
export function TimeField({ label, value, onChange, hint, fault, ...rest }: DateFieldProps) {
  return (
    <Ordered>
      <AriaTimeField
        {...rest}
        className="field"
        isInvalid={fault !== undefined}
        hourCycle={24}
        shouldForceLeadingZeros
        value={read(parseTime, value)}
        onChange={(time: Time | null) => onChange(time?.toString().slice(0, 5) ?? '')}
      >
        <Label className="label">{label}</Label>
        <div className="input date">
          <Segments />
        </div>
        <Below hint={hint} fault={fault} />
      </AriaTimeField>
    </Ordered>
  );
}
