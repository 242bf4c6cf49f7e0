import common from './locales/zh-CN/common.json' with { type: 'json' };
import console from './locales/zh-CN/console.json' with { type: 'json' };
import refusal from './locales/zh-CN/refusal.json' with { type: 'json' };

/** Chinese texts of the officer console. */
export const consoleSource = { common, console, refusal };
