/** Kinds that hold data by the thousand, in which nothing is read: what their text holds beside it is told without parsing. */
export const plainDataKinds: ReadonlySet<string> = new Set(['ConfigMap', 'Secret', 'SealedSecret', 'CustomResourceDefinition']);
