import type { LucideIcon } from 'lucide-react';
import { BarePress } from './press';

export interface TileProps {
  readonly icon?: LucideIcon;
  readonly label: string;
  /** A second, smaller line: when it opens, how many. */
  readonly detail?: string;
  readonly onPress?: () => void;
  /** `amber` only for a state that needs the person now. */
  readonly tone?: 'plain' | 'amber';
  readonly isDisabled?: boolean;
}

/** A tile of the home page or of an answer: icon, word, optional second line. */
export function Tile({ icon: Icon, label, detail, tone = 'plain', ...rest }: TileProps) {
  return (
    <BarePress {...rest} guard className="tile" data={{ 'data-tone': tone, 'data-primary': '' }}>
      {Icon && <Icon aria-hidden />}
      <span>{label}</span>
      {detail && <small>{detail}</small>}
    </BarePress>
  );
}
