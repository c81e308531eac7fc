export function notices(metafiles: readonly { readonly inputs: Readonly<Record<string, unknown>> }[], further?: readonly string[]): string;
