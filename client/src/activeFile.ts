import { commands, window } from 'vscode';
import type { Status } from '../../protocol/workspace';

/** The context keys of `when` clauses in package.json: the file in front concerns pod roles; some service account uses a role. */
const contextKey = 'podRoles.active';
const wiringKey = 'podRoles.hasWiring';

/**
 * Follows the file in front. Whether it concerns pod roles is the server's answer, not the language's: a `.tf` file is plain
 * text where no extension for Terraform is installed, and most YAML has nothing to do with roles.
 */
export class ActiveFile {
  private known = false;
  private hasWiring = false;

  /** Another editor is in front: nothing is known of it until the server has answered. */
  changed(): void {
    this.set(false);
  }

  /** The server's answer; one that is about another file than the one in front by now is dropped. */
  answered({ activeFile, wiring = false }: Status): void {
    if (wiring !== this.hasWiring) {
      this.hasWiring = wiring;
      void commands.executeCommand('setContext', wiringKey, wiring);
    }
    const uri = window.activeTextEditor?.document.uri.toString();
    this.set(uri !== undefined && activeFile?.uri === uri && activeFile.concernsPodRoles === true);
  }

  private set(concerns: boolean): void {
    if (concerns === this.known) return;
    this.known = concerns;
    void commands.executeCommand('setContext', contextKey, concerns);
  }
}
