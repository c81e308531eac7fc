import type { Fix, Rule, RuleContext } from './rule';
import { reachedByWebhook } from './support/containers';
import { isBlock, rewrite } from './support/edits';
import { agentAddresses, coversAgent } from './support/noProxy';
import { grantsOfWorkload } from './support/podIdentityUse';
import type { ContainerFact, EnvFact, WorkloadFact } from '../model/facts';
import { headline, line, lines } from '../text/message';
import { literal } from '../text/texts';
import { unsupportedUses } from '../trust/platforms';
import { shownRoleName } from '../trust/roleText';

/** The page: see pages.ts. */
export const doc = `
Finds containers with \`HTTP_PROXY\` or \`HTTPS_PROXY\` whose \`NO_PROXY\` has no exception for the EKS Pod Identity agent, although
their service account has a Pod Identity association.

## Why

With EKS Pod Identity, SDKs get credentials from the agent on the node, at \`169.254.170.23\` (\`[fd00:ec2::23]\` in an IPv6
cluster). With a proxy and without an exception, the request can go to the proxy, which doesn't reach the node, and calls fail with
\`Unable to locate credentials\` or a timeout. The EKS user guide requires the exception.

## Wrong

\`\`\`yaml
env:
  - {name: HTTPS_PROXY, value: "http://proxy.example.com:3128"}
  - {name: NO_PROXY, value: "localhost,.svc"}
\`\`\`

## Right

\`\`\`yaml
env:
  - {name: HTTPS_PROXY, value: "http://proxy.example.com:3128"}
  - {name: NO_PROXY, value: "localhost,.svc,169.254.170.23,[fd00:ec2::23]"}
\`\`\`

One of the two addresses, a network such as \`169.254.0.0/16\`, and \`*\` are enough, in either variable, \`NO_PROXY\` or \`no_proxy\`.
Nothing is reported if some variables aren't known (\`envFrom\`, a template, a value from a ConfigMap), or for containers in
\`skip-containers\`.

## When to turn it off

If the program uses the proxy only for requests of its own.
`;

/** A proxy in the way to the agent. */
export const proxyWithoutException: Rule = {
  id: 'proxy-without-exception',
  level: 'warning',
  title: 'The proxy has no exception for the Pod Identity agent',
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, pod-id-agent-setup and pod-id-how-it-works; environment variables of the SDKs',
  checks: {
    workload(fact: WorkloadFact, context: RuleContext): void {
      const found = fact.containers.flatMap((container) => {
        const proxy = reachedByWebhook(container, fact) ? proxyOf(container) : undefined;
        return proxy ? [{ container, proxy }] : [];
      });
      if (found.length === 0) return;
      const [grant] = grantsOfWorkload(fact, context);
      // Where there is no agent, an exception for it changes nothing.
      if (!grant || unsupportedUses([fact], grant).length > 0) return;
      for (const { container, proxy } of found) {
        const exceptions = exceptionsOf(container);
        context.report({
          doc: fact.doc,
          span: (exceptions[0] ?? proxy).name.span,
          message: lines(
            headline`${proxy.name.value} is set without an exception for the EKS Pod Identity agent.`,
            line`Requests for the credentials of role ${shownRoleName(grant.role)} can go to the proxy, and fail with "Unable to locate credentials".`,
            `Add ${agentAddresses.join(' and ')} to NO_PROXY.`,
          ),
          related: grant.association
            ? [{ at: { doc: grant.association.doc, span: grant.association.head }, message: 'The Pod Identity association' }]
            : [],
          fixes: addition(exceptions, fact),
        });
      }
    },
  },
};

/** The variable of a proxy that surely is in the way; undefined where one isn't known. */
function proxyOf({ proxies = [], moreEnv }: ContainerFact): EnvFact | undefined {
  if (moreEnv || proxies.some(({ conditional }) => conditional)) return undefined;
  const isException = ({ name }: EnvFact): boolean => name.value.toLowerCase() === 'no_proxy';
  if (proxies.some((each) => isException(each) && mayCover(each))) return undefined;
  return proxies.find((each) => !isException(each) && isElsewhere((literal(each.value) ?? '').trim()));
}

/** A proxy within the pod reaches the node's agent as the container does. */
function isElsewhere(proxy: string): boolean {
  return proxy !== '' && !/^(?:\w+:\/\/)?(?:[^@/]*@)?(?:localhost|127\.[\d.]+|\[::1\])(?:[:/]|$)/i.test(proxy);
}

/** A value from a ConfigMap, a variable or a template may be any. */
function mayCover({ value }: EnvFact): boolean {
  const text = literal(value);
  return text === undefined || /\$\(/.test(text) || coversAgent(text);
}

function exceptionsOf({ proxies = [] }: ContainerFact): readonly EnvFact[] {
  return proxies.filter(({ name }) => name.value.toLowerCase() === 'no_proxy');
}

/** Adds the agent's addresses to the exceptions that are there: nothing else takes another way by them. */
function addition(exceptions: readonly EnvFact[], { doc: at }: WorkloadFact): Fix[] {
  const texts = exceptions.flatMap(({ value }) => (value && !isBlock(value) ? [value] : []));
  if (texts.length === 0 || texts.length < exceptions.length) return [];
  return [
    {
      title: `Add ${agentAddresses.join(' and ')} to ${[...new Set(exceptions.map(({ name }) => name.value))].join(' and ')}`,
      edits: texts.map((text) => rewrite(at, text, [text.value.replace(/[\s,]+$/, ''), ...agentAddresses].join(','))),
      safe: true,
    },
  ];
}
