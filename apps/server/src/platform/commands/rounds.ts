interface Keyed {
  readonly orderKey: string;
  readonly kind: string;
}

/**
 * Cuts a batch into groups of one kind each that can be handled one after the other without changing the order of any single key:
 * each group takes, from the front of every key's own list, what is of the group's kind.
 */
export function rounds<Item extends Keyed>(items: readonly Item[]): Item[][] {
  const lists = new Map<string, Item[]>();
  for (const item of items) {
    const list = lists.get(item.orderKey);
    if (list) list.push(item);
    else lists.set(item.orderKey, [item]);
  }
  const groups: Item[][] = [];
  while (lists.size > 0) {
    const kind = lists.values().next().value?.[0]?.kind;
    const group: Item[] = [];
    for (const [key, list] of lists) {
      const end = list.findIndex((item) => item.kind !== kind);
      group.push(...list.splice(0, end === -1 ? list.length : end));
      if (list.length === 0) lists.delete(key);
    }
    groups.push(group);
  }
  return groups;
}
