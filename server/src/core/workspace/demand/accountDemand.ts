import type { DeferredDocuments } from './deferredDocuments';
import type { Fact } from '../../model/facts';
import { NearNames } from '../../model/nearNames';
import { isServiceAccountName } from '../../model/subject';
import { accountAsked, accountKey } from '../../wiring/accountIndex';
import type { FactIndex } from '../../wiring/factIndex';
import { subjectsOf } from '../../wiring/policyIndex';

/** Asks for the accounts that what is read speaks of, so that what was deferred for their sake is read. */
export class AccountDemand {
  /** The literal subjects of trust policies, as `namespace:name`: names hold no colon. */
  private readonly subjects = new Set<string>();
  private stale = false;
  /** The accounts of associations; with a Fargate profile all of their workloads matter. */
  private readonly associated = new Set<string>();
  private hasProfiles = false;

  constructor(
    private readonly deferred: DeferredDocuments,
    private readonly index: FactIndex,
  ) {}

  /** Takes facts that came: the accounts that they name are asked for. */
  note(facts: readonly Fact[]): void {
    if (facts.length > 0) this.stale = true;
    for (const fact of facts) {
      const name = accountAsked(fact);
      if (name !== undefined) this.deferred.askWithRole(name);
      if (name !== undefined && fact.kind === 'podIdentityAssociation') this.associated.add(name);
      if (fact.kind === 'fargateProfile') this.hasProfiles = true;
      const taken = fact.kind === 'workload' ? accountKey(fact) : undefined;
      if (taken !== undefined) this.deferred.askDefinition(taken);
      // Whether an account's pods get a role at all depends on where the others run.
      if (taken !== undefined && fact.kind === 'workload' && fact.platform) this.deferred.ask(taken);
      if (fact.kind === 'trustPolicy') this.noteSubjects(fact);
    }
  }

  private noteSubjects(policy: Extract<Fact, { kind: 'trustPolicy' }>): void {
    for (const { namespace, name } of subjectsOf(policy)) {
      if (name === undefined) continue;
      this.deferred.askDefinition(name);
      if (namespace !== undefined && isServiceAccountName(name)) this.subjects.add(`${namespace}:${name}`);
    }
  }

  /** Asks for what no fact names, when all that is asked for by name is read; true where something is now wanted. */
  follow(): boolean {
    // In the editor nothing ever waits, and a key typed must not cost what this does.
    if (this.deferred.isEmpty || (!this.deferred.takeGrowth() && !this.stale)) return false;
    this.stale = false;
    if (this.hasProfiles) for (const name of this.associated) this.deferred.ask(name);
    this.followBuilds();
    this.followNearNames();
    this.deferred.askUsers((uri, account, namespace) => this.userMatters(uri, account, namespace));
    return this.deferred.waiting > 0;
  }

  /** A patch may be for any account of its build, and a build may give an account a name that stands in no file. */
  private followBuilds(): void {
    for (const uri of [...this.deferred.defining()]) if (this.index.isBuiltBeyondNames(uri)) this.deferred.askAllOf(uri);
    for (const account of this.index.accounts()) {
      const name = this.index.isBuiltBeyondNames(account.doc.uri) ? accountKey(account) : undefined;
      if (name !== undefined) this.deferred.ask(name);
    }
  }

  /**
   * A workload of an account with a role says nothing by itself (else it was not left for later), and all is right with
   * its account where one of that name stands in its namespace.
   */
  private userMatters(uri: string, account: string, namespace: string | undefined): boolean {
    return namespace === undefined || this.index.isBuilt(uri) || this.index.accountsNamed(account, namespace).length === 0;
  }

  /** A subject whose account is nowhere may have been meant for one of nearly the same name. */
  private followNearNames(): void {
    let names: NearNames | undefined;
    for (const subject of this.subjects) {
      const colon = subject.indexOf(':');
      const [namespace, name] = [subject.slice(0, colon), subject.slice(colon + 1)];
      if (this.index.accountsNamed(name, namespace).length > 0) continue;
      names ??= new NearNames(this.deferred.definedNames());
      for (const other of names.to(name)) this.deferred.askDefinition(other);
    }
  }
}
