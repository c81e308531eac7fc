import { isNamespaceName, isServiceAccountName } from '../../core/model/subject';

/** A service account written as NAMESPACE/NAME; undefined for any other text. */
export function parsedAccount(text: string): { readonly namespace: string; readonly name: string } | undefined {
  const [namespace = '', name = '', ...more] = text.split('/');
  return more.length === 0 && isNamespaceName(namespace) && isServiceAccountName(name) ? { namespace, name } : undefined;
}
