import type { BlockText } from '../../../readers/terraform/modules/replacement/attachments';
import type { CallUse } from './folder';

/** Resources and modules that take a role's ARN to annotate a service account, and give it no permission. */
const annotating = /^(?:helm_release|kubernetes_\w+|kubectl_\w+|argocd_\w+|aws_eks_addon|helm_template|template_file|local_file)$/;

/**
 * Whether a use of the old role isn't about what the role may do: it gives a service account its annotation, orders resources, or
 * attaches a policy, of which a copy is made. What is used in another way may be a policy that names the role.
 */
export function staysAsItIs({ block, document, span }: CallUse, attached: readonly BlockText[]): boolean {
  if (!block) return false;
  if (attached.some((each) => each.block === block)) return true;
  const type = block.type.text;
  if ((type === 'resource' || type === 'data') && annotating.test(block.labels[0]?.text ?? '')) return true;
  const attribute = block.body.attributes.find((each) => each.span.start <= span.start && each.span.end >= span.end);
  if (attribute?.name.text === 'depends_on') return true;
  // A module that makes Helm releases or add-ons, or an annotation in a map of values.
  const source = document.text.slice(attribute?.span.start ?? block.span.start, span.start);
  const line = source.slice(source.lastIndexOf('\n') + 1);
  return (type === 'module' || type === 'locals') && /role[-_]?arn\b["\s\\]*[=:]\s*(?:"\$\{)?(?:try\()?$/i.test(line);
}
