import type { AccountMentions } from '../../syntax/sourceFile';
import { accountsMentioned } from './mentions';

/** Words that make a document matter whatever else it holds. */
const certain =
  /eks\.amazonaws\.com|amazonaws\.com\/role|role[-_]?arn|Assume_?Role|PodIdentity|pod[-_]identity|openid_connect|kustomize\.(?:config\.k8s|toolkit\.fluxcd)\.io|argoproj\.io\/v1alpha1["']?\s+kind: *["']?Application\b|eks\.amazon\.com|AWS_ROLE_ARN|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_WEB_IDENTITY|sts\.amazonaws\.com|oidc-provider\/|oidc\.eks\.|pod-roles-disable/i;
/** Without this and the words above a document holds nothing for us: it is never parsed, and such a file never looked at again. */
const mention = /service[-_]?account/i;

/** Whether a text may hold anything that matters here, by its words alone. Linear. */
export function mayMatter(text: string): boolean {
  return !isSnapshot(text) && (mention.test(text) || certain.test(text));
}

/** What a YAML document that may matter does so for, see readers/prescan/mentions.ts. */
export function mattersFor(text: string): AccountMentions | undefined {
  return accountsMentioned(text, certain);
}

/** A snapshot of AWS tells of AWS: its roles and policies are not those of a file. It names its schema at its head. */
function isSnapshot(text: string): boolean {
  return /^[^{]{0,8}\{\s*"\$schema":\s*"[^"]*\/snapshot\.schema\.json"/.test(text);
}

/** Whether a file matters whatever it holds, by its name: a kustomization writes names over. */
export function alwaysMatters(uri: string): boolean {
  // By far most names do not begin as it does.
  const first = uri.charCodeAt(Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('\\')) + 1);
  return (first === 0x6b || first === 0x4b) && /(?:^|[/\\])kustomization(?:\.ya?ml)?$/i.test(uri);
}
