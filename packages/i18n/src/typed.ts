import 'i18next';
import type cell from './locales/zh-CN/cell.json';
import type common from './locales/zh-CN/common.json';
import type console from './locales/zh-CN/console.json';
import type refusal from './locales/zh-CN/refusal.json';

/** The Chinese catalogues are the source of the keys: one that is not there does not compile. */
export interface Resources {
  common: typeof common;
  cell: typeof cell;
  console: typeof console;
  refusal: typeof refusal;
}
export type Namespace = keyof Resources;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: Resources;
    returnNull: false;
  }
}
