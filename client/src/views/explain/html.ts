import type { ExplainFix, ExplainPage, PageNode, PagePart, PageStep } from '../../../../protocol/explain';
import { mark, place } from '../parts';
import { html, type Html } from '../webview';

/** The body of Explain Access: verdict, chain, what fails with its fixes, then, folded, what matches and what is assumed. */
export function explainBody(page: ExplainPage): Html {
  // Where another statement allows it, one that doesn't match fails nothing.
  const isOpen = ({ mark, parts }: PageStep): boolean =>
    mark === null || (mark === false && (page.decision !== 'allowed' || parts.length === 0));
  const open = page.steps.filter(isOpen);
  const rest = page.steps.filter((step) => !isOpen(step));
  const failing = page.decision === 'denied' ? 'What fails' : 'What is unknown';
  return html`<header>
      <h1 class="verdict ${page.decision}" tabindex="-1">
        ${mark(page.decision)} <span class="name">${page.question}</span> <strong>${page.answer}</strong>
      </h1>
      <div class="tools"><button type="button" class="secondary" id="copy" data-act="copy">Copy as text</button></div>
    </header>
    ${mechanisms(page)} ${chain(page.chain)}
    <section aria-label="Result">
      ${open.length > 0 && html`<h2>${failing}</h2>`} ${open.map((step) => shownStep(step, page.steps.indexOf(step)))} ${outcome(page)}
    </section>
    ${fixes(page.fixes)}
    ${
      rest.length > 0 &&
      html`<details id="matching">
        <summary><h2>${matching(rest)}</h2></summary>
        ${rest.map((step) => shownStep(step, page.steps.indexOf(step)))}
      </details>`
    }
    ${
      page.assumptions.length > 0 &&
      html`<details id="assumptions">
        <summary><h2>${count(page.assumptions.length, 'assumption')}</h2></summary>
        <ul>
          ${page.assumptions.map((text) => html`<li class="name">${text}</li>`)}
        </ul>
      </details>`
    }`;
}

/** What a screen reader says when the verdict changes. */
export function verdictLine({ question, answer }: Pick<ExplainPage, 'question' | 'answer'>): string {
  return `${question} ${answer}`;
}

/** The tab's title: the account that is explained. */
export function explainTitle({ chain, question }: Pick<ExplainPage, 'chain' | 'question'>): string {
  const account = chain.find(({ kind }) => kind === 'account');
  return account ? `Explain ${account.name}` : question;
}

/** Both mechanisms, the one in effect first, and what that means for running pods. */
function mechanisms({ mechanisms: both }: ExplainPage): Html | undefined {
  if (!both) return undefined;
  return html`<section aria-labelledby="mechanisms" class="mechanisms">
    <h2 id="mechanisms">${both.moving ? 'Moving from IRSA to EKS Pod Identity' : 'Two mechanisms'}</h2>
    <ul class="parts">
      ${both.answers.map(
        ({ label, text, decision, place: at }) =>
          html`<li>
            ${mark(decision, verdictWords[decision])} <span class="label">${label}</span> <span class="name">${text}</span> ${place(at)}
          </li>`,
      )}
    </ul>
    ${both.words.map((text) => html`<p class="name">${text}</p>`)}
  </section>`;
}

const verdictWords = { allowed: 'can assume', denied: "can't assume", unknown: 'unknown' } as const;

function chain(nodes: readonly PageNode[]): Html {
  return html`<nav aria-label="Chain">
    <ol class="chain">
      ${nodes.map(
        (node) =>
          html`<li class="${node.kind}">
            <span class="type">${node.type}</span> <span class="name">${node.name}</span> ${place(node.place, `go-${node.kind}`)}
            ${node.more !== undefined && html`<span class="more">and ${node.more} more</span>`}
          </li>`,
      )}
    </ol>
  </nav>`;
}

function shownStep(step: PageStep, index: number): Html {
  if (step.parts.length === 0) return html`<p class="step">${part(step)}</p>`;
  const { place: where, ...rest } = step;
  return html`<details class="step" id="step-${index}" open>
    <summary>${part(rest)}</summary>
    ${where && html`<p class="where">${place(where)}</p>`}
    <ul class="parts">
      ${step.parts.map((each) => html`<li>${part(each)}</li>`)}
    </ul>
  </details>`;
}

function part(each: PagePart): Html {
  return html`${mark(each.mark)} ${each.label !== undefined && html`<span class="label">${each.label}</span>`}
    <span class="name">${each.text}</span> ${place(each.place)} ${each.note !== undefined && html`<span class="note">${each.note}</span>`}`;
}

function outcome({ outcome: lines }: ExplainPage): Html[] {
  return lines.map(({ text, quoted }) =>
    quoted ? html`<pre class="quoted name">${text}</pre>` : html`<p class="outcome name">${text}</p>`,
  );
}

function fixes(all: readonly ExplainFix[]): Html | undefined {
  if (all.length === 0) return undefined;
  return html`<section aria-labelledby="fixes">
    <h2 id="fixes">${all.some(({ titles }) => titles.length > 0) ? 'Fixes' : 'What to change'}</h2>
    <ul class="fixes">
      ${all.map(
        (fix, i) =>
          html`<li>
            ${fix.titles.length === 0 && html`<p class="name">${fix.text}</p>`}
            ${fix.titles.map(
              (title, k) =>
                html`<button
                  type="button"
                  class="${i === 0 && k === 0 ? 'primary' : 'secondary'} name"
                  data-key="fix ${fix.rule} ${title}"
                  data-act="fix"
                  data-value="${i}.${k}"
                >
                  ${title}
                </button>`,
            )}
            ${fix.place && html`<p class="where">${place(fix.place)} ${fix.rule !== undefined && ruleLink(fix.rule)}</p>`}
          </li>`,
      )}
    </ul>
  </section>`;
}

function ruleLink(rule: string): Html {
  return html`<a href="#rule" data-act="rule" data-value="${rule}">${rule}</a>`;
}

function matching(steps: readonly PageStep[]): string {
  const all = steps.every((step) => step.mark === true);
  return `${count(steps.length, all ? 'step' : 'other step')}${all ? ` that ${steps.length === 1 ? 'matches' : 'match'}` : ''}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
