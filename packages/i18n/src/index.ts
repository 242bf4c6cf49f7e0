export { loadCatalogue, offeredLanguages } from './catalogues.js';
export { createI18n, type I18n, type I18nOptions } from './create.js';
export * from './format.js';
export { directionOf, type Language, languageOf, languages, SOURCE_LANGUAGE } from './languages.js';
export { type Catalogue, pseudoCatalogue, pseudoText } from './pseudo.js';
export { cellSource } from './source-cell.js';
export { consoleSource } from './source-console.js';
export type { Namespace, Resources } from './typed.js';
