/** How much each kind of evidence counts. */

/** Needs of this weight or more are reported as likely failures. */
export const failureThreshold = 0.7;
