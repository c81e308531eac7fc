export interface ShippedPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}
export function shippedPackages(
  metafile: { readonly inputs: Readonly<Record<string, unknown>> },
  further?: readonly string[],
): ShippedPackage[];
export function notices(packages: readonly ShippedPackage[]): string;
export function billOfMaterials(
  product: { readonly name: string; readonly version: string; readonly license: string },
  packages: readonly ShippedPackage[],
): unknown;
