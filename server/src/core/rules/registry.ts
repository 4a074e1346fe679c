/** All rules. A test holds this list against the files of this folder. */

import { accountHomeUncreated } from './account-home-uncreated.ts';
import { adjustLineWithoutCreator } from './adjust-line-without-creator.ts';
import { conditionNeverTrue } from './condition-never-true.ts';
import { configFileUnreadable } from './config-file-unreadable.ts';
import { configurationLost } from './configuration-lost.ts';
import { copyDestinationOccupied } from './copy-destination-occupied.ts';
import { credentialSourceMissing } from './credential-source-missing.ts';
import { dbusPolicyUserUndeclared } from './dbus-policy-user-undeclared.ts';
import { earlyUnitBeforeSysusers } from './early-unit-before-sysusers.ts';
import { earlyUnitBeforeTmpfiles } from './early-unit-before-tmpfiles.ts';
import { enablementOnlyInEtc } from './enablement-only-in-etc.ts';
import { environmentFileMissing } from './environment-file-missing.ts';
import { etcEssentialUnprovided } from './etc-essential-unprovided.ts';
import { executableMissing } from './executable-missing.ts';
import { factoryLinkDangling } from './factory-link-dangling.ts';
import { factoryLinkLoop } from './factory-link-loop.ts';
import { factorySourceMissing } from './factory-source-missing.ts';
import { floatingIdInUsr } from './floating-id-in-usr.ts';
import { floatingIdOwnsState } from './floating-id-owns-state.ts';
import { generatorInputLost } from './generator-input-lost.ts';
import { goldenIdentityLeak } from './golden-identity-leak.ts';
import { implicitParentRootOwned } from './implicit-parent-root-owned.ts';
import { installSettingRejected } from './install-setting-rejected.ts';
import { linkDestinationOccupied } from './link-destination-occupied.ts';
import { machineIdPopulated } from './machine-id-populated.ts';
import { mountPointUncreatable } from './mount-point-uncreatable.ts';
import { needsUpdateHygiene } from './needs-update-hygiene.ts';
import { orderingCycle } from './ordering-cycle.ts';
import { pamStackMissing } from './pam-stack-missing.ts';
import { passwdEntryWithoutSysusers } from './passwd-entry-without-sysusers.ts';
import { presetAliasCollision } from './preset-alias-collision.ts';
import { presetDanglingReference } from './preset-dangling-reference.ts';
import { presetLineRejected } from './preset-line-rejected.ts';
import { presetTemplateWithoutInstance } from './preset-template-without-instance.ts';
import { presetUnitNotInstallable } from './preset-unit-not-installable.ts';
import { presetVerdictSurprise } from './preset-verdict-surprise.ts';
import { programAccountLost } from './program-account-lost.ts';
import { programPathLost } from './program-path-lost.ts';
import { requiredUnitMissing } from './required-unit-missing.ts';
import type { Rule } from './rule.ts';
import { socketOwnerUndeclared } from './socket-owner-undeclared.ts';
import { startPathMissing } from './start-path-missing.ts';
import { suppressionUnused } from './suppression-unused.ts';
import { sysusersConflictingLine } from './sysusers-conflicting-line.ts';
import { sysusersFeatureTooNew } from './sysusers-feature-too-new.ts';
import { sysusersIdPathMissing } from './sysusers-id-path-missing.ts';
import { sysusersIdTaken } from './sysusers-id-taken.ts';
import { sysusersLineRejected } from './sysusers-line-rejected.ts';
import { sysusersPoolExhausted } from './sysusers-pool-exhausted.ts';
import { sysusersPrimaryGroupMissing } from './sysusers-primary-group-missing.ts';
import { sysusersShadowStale } from './sysusers-shadow-stale.ts';
import { tmpfilesAclPrincipalUnknown } from './tmpfiles-acl-principal-unknown.ts';
import { tmpfilesDefeatsStateReown } from './tmpfiles-defeats-state-reown.ts';
import { tmpfilesFeatureTooNew } from './tmpfiles-feature-too-new.ts';
import { tmpfilesGlobInCreateLine } from './tmpfiles-glob-in-create-line.ts';
import { tmpfilesLegacyVarRun } from './tmpfiles-legacy-var-run.ts';
import { tmpfilesLineRejected } from './tmpfiles-line-rejected.ts';
import { tmpfilesOwnerUnresolvable } from './tmpfiles-owner-unresolvable.ts';
import { tmpfilesReadonlyTarget } from './tmpfiles-readonly-target.ts';
import { tmpfilesShadowedLine } from './tmpfiles-shadowed-line.ts';
import { tmpfilesSpecifierUnresolved } from './tmpfiles-specifier-unresolved.ts';
import { tmpfilesTypeClash } from './tmpfiles-type-clash.ts';
import { tmpfilesUnsafeTransition } from './tmpfiles-unsafe-transition.ts';
import { udevOwnerUndeclared } from './udev-owner-undeclared.ts';
import { unitGroupUndeclared } from './unit-group-undeclared.ts';
import { unitNotLoadable } from './unit-not-loadable.ts';
import { unitSymlinkDangling } from './unit-symlink-dangling.ts';
import { unitUserUndeclared } from './unit-user-undeclared.ts';
import { usrNotMerged } from './usr-not-merged.ts';
import { varContentUncovered } from './var-content-uncovered.ts';
import { varRegularFileShipped } from './var-regular-file-shipped.ts';
import { vendorConfigInEtc } from './vendor-config-in-etc.ts';
import { vendorFileReplaced } from './vendor-file-replaced.ts';
import { wellKnownAliasUnprovided } from './well-known-alias-unprovided.ts';

export const rules: readonly Rule[] = [
  accountHomeUncreated,
  adjustLineWithoutCreator,
  conditionNeverTrue,
  configFileUnreadable,
  configurationLost,
  copyDestinationOccupied,
  credentialSourceMissing,
  dbusPolicyUserUndeclared,
  earlyUnitBeforeSysusers,
  earlyUnitBeforeTmpfiles,
  enablementOnlyInEtc,
  environmentFileMissing,
  etcEssentialUnprovided,
  executableMissing,
  factoryLinkDangling,
  factoryLinkLoop,
  factorySourceMissing,
  floatingIdInUsr,
  floatingIdOwnsState,
  generatorInputLost,
  goldenIdentityLeak,
  implicitParentRootOwned,
  installSettingRejected,
  linkDestinationOccupied,
  machineIdPopulated,
  mountPointUncreatable,
  needsUpdateHygiene,
  orderingCycle,
  pamStackMissing,
  passwdEntryWithoutSysusers,
  presetAliasCollision,
  presetDanglingReference,
  presetLineRejected,
  presetTemplateWithoutInstance,
  presetUnitNotInstallable,
  presetVerdictSurprise,
  programAccountLost,
  programPathLost,
  requiredUnitMissing,
  socketOwnerUndeclared,
  startPathMissing,
  suppressionUnused,
  sysusersConflictingLine,
  sysusersFeatureTooNew,
  sysusersIdPathMissing,
  sysusersIdTaken,
  sysusersLineRejected,
  sysusersPoolExhausted,
  sysusersPrimaryGroupMissing,
  sysusersShadowStale,
  tmpfilesAclPrincipalUnknown,
  tmpfilesDefeatsStateReown,
  tmpfilesFeatureTooNew,
  tmpfilesGlobInCreateLine,
  tmpfilesLegacyVarRun,
  tmpfilesLineRejected,
  tmpfilesOwnerUnresolvable,
  tmpfilesReadonlyTarget,
  tmpfilesShadowedLine,
  tmpfilesSpecifierUnresolved,
  tmpfilesTypeClash,
  tmpfilesUnsafeTransition,
  udevOwnerUndeclared,
  unitGroupUndeclared,
  unitNotLoadable,
  unitSymlinkDangling,
  unitUserUndeclared,
  usrNotMerged,
  varContentUncovered,
  varRegularFileShipped,
  vendorConfigInEtc,
  vendorFileReplaced,
  wellKnownAliasUnprovided,
];

/** The rule of an id. */
export function findRule(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
