/** Addresses of clips by their path below `clips/`: "zh-CN/duty-reminder" → "/assets/duty-reminder-1a2b.ogg". */
export type ClipFiles = Readonly<Record<string, string>>;

/** Turns what the build found (`./clips/zh-CN/bed-3.ogg`) into names without folder and ending. */
export function clipNames(found: Readonly<Record<string, string>>): ClipFiles {
  return Object.fromEntries(Object.entries(found).map(([file, address]) => [file.replace(/^\.\/clips\//, '').replace(/\.\w+$/, ''), address]));
}

/**
 * What is played one after the other to call the people of these beds: each bed, then the sentence. The sentence alone where a bed was
 * not recorded; null where the sentence was not either.
 */
export function reminderClips(files: ClipFiles, language: string, beds: readonly number[]): string[] | null {
  const sentence = files[`${language}/duty-reminder`];
  if (sentence === undefined) return null;
  const named = beds.map((bed) => files[`${language}/bed-${bed}`]);
  return [...(named.every((one) => one !== undefined) ? named : []), sentence];
}
