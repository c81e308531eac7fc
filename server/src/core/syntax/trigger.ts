/**
 * Words without one of which a document holds nothing for us. A document without any is never parsed,
 * a file without any never looked at again.
 */
const trigger =
  /eks\.amazonaws\.com|amazonaws\.com\/role|role[-_]?arn|ServiceAccount|service[-_]?account|Assume_?Role|PodIdentity|pod[-_]identity|openid_connect|kustomize\.config\.k8s\.io|eks\.amazon\.com|AWS_ROLE_ARN|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_WEB_IDENTITY|sts\.amazonaws\.com|oidc-provider\/|oidc\.eks\.|pod-roles-disable/i;

/** Whether a text may hold anything that matters here, by its words alone. Linear. */
export function mayMatter(text: string): boolean {
  return !isSnapshot(text) && trigger.test(text);
}

/** A snapshot of AWS tells of AWS: its roles and policies are not those of a file. It names its schema at its head. */
function isSnapshot(text: string): boolean {
  return /^[^{]{0,8}\{\s*"\$schema":\s*"[^"]*\/snapshot\.schema\.json"/.test(text);
}

/** Whether a file matters whatever it holds, by its name: a kustomization writes names over. */
export function alwaysMatters(uri: string): boolean {
  return /(?:^|[/\\])kustomization(?:\.ya?ml)?$/i.test(uri);
}
