/** Names in a sentence; of many the first, and how many more. */
export function listed(names: readonly string[]): string {
  const most = 20;
  const shown = names.slice(0, most);
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}
