import type { Pair } from '../pair';

/** A role's name as a file's or folder's: never one that leads elsewhere. */
export function fileStem({ role }: Pair): string {
  return /^\.+$/.test(role.name) ? `role${role.name}` : role.name;
}

/** A name for an object of Kubernetes: a DNS subdomain near the given one. */
export function objectName(...parts: readonly string[]): string {
  return (
    parts
      .join('-')
      .toLowerCase()
      .replace(/[^a-z0-9.-]+/g, '-')
      .replace(/([.-])[.-]+/g, '$1')
      .slice(0, 253)
      .replace(/^[.-]+|[.-]+$/g, '') || 'role'
  );
}

/** A name for a block of Terraform. */
export function label(...parts: readonly string[]): string {
  const words = parts
    .join('_')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return /^[a-z]/.test(words) ? words : `role_${words}`.replace(/_$/, '');
}

/** A logical ID of CloudFormation: letters and digits. */
export function logicalId(name: string): string {
  return (
    name
      .split(/[^A-Za-z0-9]+/)
      .filter(Boolean)
      .map((word) => word[0]!.toUpperCase() + word.slice(1))
      .join('')
      .replace(/^(\d)/, 'R$1') || 'Pod'
  );
}

/** Names made unlike by a number where two came out the same. */
export function distinct(names: readonly string[], separator: string): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}${separator}${times}`;
  });
}
