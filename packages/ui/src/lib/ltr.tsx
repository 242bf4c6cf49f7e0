import type { ReactNode } from 'react';

/** Digits, times, money and codes: kept left to right inside text of any direction. */
export function Ltr({ children }: { children: ReactNode }) {
  return <bdi dir="ltr">{children}</bdi>;
}
