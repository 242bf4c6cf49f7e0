export { intl } from './intl.js';
export { KEY_FOLDER, type Keys, loadKeys, type MacPurpose, SERVER_KEY_FILE, temporaryKeys } from './keys.js';
export type { CryptoProvider, SealOpener } from './provider.js';
export type { Unsealed } from './seal.js';
export { createOpener, type OpenAside, type Opened, type Opener, type SealedCommand, type SignedByDevice } from './opening.js';
export { openInThread } from './opening-aside.js';
