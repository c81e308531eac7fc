/**
 * One object that a program makes: a resource in one instance of a module, in one instance of a template. Unique in the
 * workspace, never shown to people; two values with the same identity are the same object, whatever its name turns out to be.
 * Made with {@link objectId}.
 */
export type ObjectId = string;

/**
 * @param root URI of what is deployed as a whole: the folder of a root module, the file of a template.
 * @param address the object's address in it, instances included: `module.irsa["a"].aws_iam_role.this[0]`, `MyRole`.
 */
export function objectId(
  system: 'terraform' | 'cloudformation' | 'pulumi' | 'crossplane' | 'ack',
  root: string,
  address: string,
): ObjectId {
  return `${system} ${root} ${address}`;
}

/** A value that is an attribute of an object: what it is of, not what it reads like. */
export interface ObjectReference {
  /** The object; several where a conditional, `try` or `coalesce` takes one of them. Never empty. */
  readonly objects: readonly ObjectId[];
  readonly attribute: 'arn' | 'name';
  /** True where the value may be something else than these, too: then a verdict needs more than that they agree. */
  readonly open?: true;
  /** As people write it: `module.irsa.iam_role_arn`, `!GetAtt AppRole.Arn`. */
  readonly written: string;
}

/** Why a value, or a part of it, is not known, and what would settle it. */
export interface UnknownReason {
  readonly kind: 'variable' | 'data-source' | 'remote-state' | 'output' | 'computed' | 'file' | 'function' | 'limit';
  /** The variable, data source or file, as people write it: `var.role_arn`, `data.aws_iam_role.app`, `values/prod.yaml`. */
  readonly what: string;
  readonly uri?: string;
}
