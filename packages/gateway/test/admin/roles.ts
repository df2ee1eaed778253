/**
 * The least role of each call of the admin API. It is written down here a second time, by hand: a new route is red until
 * somebody has decided who may call it.
 */
export const EXPECTED_ROLES: Readonly<Record<string, "anyone" | "viewer" | "operator" | "owner">> = {
  getStatus: "viewer",
  getOpenApi: "viewer",
  getSession: "viewer",
  beginLogin: "anyone",
  finishLogin: "anyone",
  endSession: "viewer",
  getConfig: "viewer",
  reloadConfig: "owner",
  listKeys: "viewer",
  createKey: "operator",
  getKey: "viewer",
  updateKey: "operator",
  rotateKey: "operator",
  revokeKey: "operator",
  deleteKey: "operator",
  getKeyLimits: "viewer",
  listGroups: "viewer",
  createGroup: "operator",
  getGroup: "viewer",
  updateGroup: "operator",
  deleteGroup: "operator",
  getUsage: "viewer",
  listLogs: "viewer",
  tailLogs: "viewer",
  getLog: "viewer",
  getLogContent: "operator",
  listAudit: "owner",
};
