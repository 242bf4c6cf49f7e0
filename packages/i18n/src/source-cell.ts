import cell from './locales/zh-CN/cell.json' with { type: 'json' };
import common from './locales/zh-CN/common.json' with { type: 'json' };
import refusal from './locales/zh-CN/refusal.json' with { type: 'json' };

/** Chinese texts of the cell terminal: part of its first load, so that it speaks before anything is fetched. */
export const cellSource = { common, cell, refusal };
