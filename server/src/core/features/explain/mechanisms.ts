import type { Place } from '../../syntax/sourceFile';
import type { Access } from '../../trust/access';
import type { Chain } from '../../wiring/chain';
import type { Grant } from '../../wiring/grants';
import { isMoving, mechanismNames, mechanismSentences } from '../mechanisms';
import type { ExplainDocument, MechanismAnswer } from './document';

/**
 * Both mechanisms of an account, the one in effect first; nothing where only one is there.
 * @param chain the annotation, where there is one
 */
export function mechanismsOf(access: Access, chain: Chain | undefined): Pick<ExplainDocument, 'mechanisms'> {
  const { other, mechanism, role, decision, reason } = access;
  if (!other) return {};
  const grant = access.grant ?? (other.standing === 'perhaps' ? chain?.perhapsOverriddenBy?.[0] : undefined);
  const policy = access.tie && access.tie.kind !== 'aws' ? { doc: access.tie.policy.doc, span: access.tie.policy.policy.span } : undefined;
  const placeOf = (each: 'irsa' | 'pod-identity'): Place | undefined =>
    other.standing === 'policy-only' && each === other.mechanism ? policy : each === 'irsa' ? annotationOf(chain) : associationOf(grant);
  const answer = (each: Omit<MechanismAnswer, 'place'>): MechanismAnswer => {
    const place = placeOf(each.mechanism);
    return place ? { ...each, place } : each;
  };
  return {
    mechanisms: {
      moving: isMoving(access),
      answers: [
        answer({ mechanism, standing: 'in-effect', role, decision, ...(reason === undefined ? {} : { reason }) }),
        answer({
          mechanism: other.mechanism,
          standing: other.standing,
          role: other.role,
          decision: other.decision,
          ...(other.reason === undefined ? {} : { reason: other.reason }),
        }),
      ],
      words: mechanismSentences(access),
    },
  };
}

/** A mechanism and whether it is in effect, as a label: `IRSA (overridden)`. */
export function mechanismLabel({ mechanism, standing }: Pick<MechanismAnswer, 'mechanism' | 'standing'>): string {
  const how = {
    'in-effect': 'in effect',
    overridden: 'overridden',
    perhaps: 'if the association applies',
    'policy-only': mechanism === 'irsa' ? 'no annotation' : 'no association',
  }[standing];
  return `${mechanismNames[mechanism]} (${how})`;
}

/** What a mechanism would give, in a few words: `Can assume demo-role`. */
export function mechanismAnswer({ role, decision, reason, standing }: MechanismAnswer): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  if (standing === 'policy-only') return decision === 'allowed' ? 'The trust policy allows it' : 'The trust policy may allow it';
  return { allowed: `Can assume ${role}`, denied: `Can't assume ${role}${why}`, unknown: `${role}${why}` }[decision];
}

function annotationOf(chain: Chain | undefined): Place | undefined {
  return chain && { doc: chain.request.doc, span: chain.request.valueSpan };
}

function associationOf(grant: Grant | undefined): Place | undefined {
  const { association } = grant ?? {};
  return association && { doc: association.doc, span: association.head };
}
