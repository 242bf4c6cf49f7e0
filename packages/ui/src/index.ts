export { CheckValue } from './lib/check-value';
export { applyLook, type DeviceLook, profileOf } from './lib/device-profile';
export { I18nRoot } from './lib/i18n-root';
export { Ltr } from './lib/ltr';
export { DOUBLE_PRESS_MS, guardPress, usePressGuard } from './lib/press-guard';
export { type TextSize, TextSizeContext, useTextSize } from './lib/text-size';
export { useFmt } from './lib/use-fmt';
export { CallBar, type CallBarProps, CallPage, type CallPageProps, type CallStage, type CallState } from './touch/call';
export { type Choice, ChoiceList, type ChoiceListProps, Pager } from './touch/choices';
export { type ActState, Bar, Confirmation, type ConfirmationProps, OfflineBadge, StateLine } from './touch/confirmation';
export { DutyBanner, type DutyBannerProps } from './touch/duty-banner';
export { IdleVeil } from './touch/idle-veil';
export { LanguagePicker } from './touch/language-picker';
export { type Pin, PinDots, PinPad, usePin } from './touch/pin-pad';
export { Press, type PressProps } from './touch/press';
export { HomeBoard, Question, type QuestionProps, Screen, type ScreenProps } from './touch/screen';
export { Tile, type TileProps } from './touch/tile';
export { Button, type ButtonProps, Kbd, OutsideLink, Tag } from './desk/button';
export { DateField, type DateFieldProps, DateTimeField, TimeField, useCalendarZone } from './desk/date-fields';
export { Dialog, type DialogProps, Takeover, type TakeoverProps } from './desk/dialog';
export { DutyCell, type DutyCellProps } from './desk/duty-cell';
export {
  Checkbox,
  Combo,
  type ComboProps,
  NumberField,
  type NumberFieldProps,
  type Option,
  Select,
  type SelectProps,
  TextField,
  type TextFieldProps,
} from './desk/fields';
export { Avatar, Desk, Foot, type KeyHint, Mark, Page, Rail, type RailItem, type RailProps, Strip, type StripProps } from './desk/frame';
export { EmptyState, Note, Panel, type PanelProps, Skeleton, type TabItem, Tabs, Timeline, type TimelineEntry } from './desk/panel';
export {
  DeadlineRing,
  type DeadlineRingProps,
  Holder,
  type HolderProps,
  NewItemsBar,
  QueueRow,
  type QueueRowProps,
  ringLevel,
  UndoBar,
  type UndoBarProps,
} from './desk/queue-row';
export { type AlarmLevel, AlarmShape, type Seat, Seats } from './desk/shapes';
export { type Column, Table, type TableProps } from './desk/table';
export { allowEmptyHtml } from './lib/empty-html';
export { chordOf, isTyping, matchHotkey, SEQUENCE_MS } from './lib/hotkeys';
export { type IdleEvent, idleOff, type IdlePhase, idleSecondsLeft, type IdleState, idleStep, type IdleTiming } from './lib/idle';
export { installPageGuard, keyAllowed } from './lib/page-guard';
export { alarmEvery, createSound, type Sound, type SoundName, tones } from './lib/sound';
export { type Hotkey, HotkeysProvider, useHotkeys } from './lib/use-hotkeys';
export { type Idle, type IdleOptions, useIdle } from './lib/use-idle';
