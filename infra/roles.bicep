// Every built-in role that the templates assign, by name, and why. Nothing else is assigned; a test reads this table.

@export()
@description('Built-in role ids.')
var roles = {
  // Host account: the host keeps its locks, keys and timer states in blobs and reads the deployment package.
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  // Data account: photos and voice notes. Event Grid's topic has it on its dead-letter container alone.
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  // Data account: the reports. Host account: the host writes its diagnostic events into a table.
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  // Namespace: what the app sends. Event Grid's topic has it on the queue of SMS events alone.
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  // Namespace: what the triggers receive.
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  // Namespace, only with scalerMayManage: lets the scale controller read the lengths of queues.
  serviceBusDataOwner: '090c5cfd-751d-490a-894a-3ce6f1109419'
  // Application Insights: telemetry is sent by identity, local authentication being off.
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  // Vault: the platform resolves references as the app.
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  // Vault, for the group of people who put and rotate secrets.
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  // Communication Services: sends texts. There is no narrower role for SMS; keys are off and a lock forbids deleting.
  communicationOwner: '09976791-48a7-449e-bb21-39d1a415f350'
}
