import type { Text } from '../../text/text';

/** A text for messages: long ones shortened in their middle. */
export function shown(text: Text | string): string {
  const value = (typeof text === 'string' ? text : text.value).replace(/\s+/g, ' ');
  return value.length > 110 ? `${value.slice(0, 70)}…${value.slice(-35)}` : value;
}
