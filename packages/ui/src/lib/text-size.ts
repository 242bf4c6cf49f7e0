import { createContext, useContext } from 'react';

/** Larger text for whoever needs it now. Like the language it belongs to the person and ends with the session. */
export interface TextSize {
  readonly large: boolean;
  readonly setLarge: (large: boolean) => void;
}

export const TextSizeContext = createContext<TextSize>({ large: false, setLarge: () => undefined });

export function useTextSize(): TextSize {
  return useContext(TextSizeContext);
}
