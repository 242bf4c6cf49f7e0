import { SOURCE_LANGUAGE } from '@sallyport/i18n';

/** What this machine remembers between officers: how the console looks, nothing about anybody. */
export interface Look {
  readonly language: string;
  readonly theme: 'day' | 'night';
}

const KEY = 'sallyport-look';

function browserLanguage(): string {
  return navigator.language.startsWith('en') ? 'en' : SOURCE_LANGUAGE;
}

export function rememberedLook(): Look {
  const fallback: Look = { language: browserLanguage(), theme: 'day' };
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Look>) };
  } catch {
    return fallback;
  }
}

export function rememberLook(look: Look): void {
  localStorage.setItem(KEY, JSON.stringify(look));
}
