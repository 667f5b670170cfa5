// The namespace and the queues that the code names, read from the code's own entity file.
import { tagsType } from '../names.bicep'

param location string
param tags tagsType
param name string
param skuName ('Standard' | 'Premium')

@description('Messaging units of the Premium tier.')
param messagingUnits (1 | 2 | 4 | 8 | 16)

param zoneRedundant bool
param publicNetworkAccess ('Enabled' | 'Disabled')
param workspaceId string

var queues = loadJsonContent('../../functions/App/servicebus.json').UserConfig.Namespaces[0].Queues

resource busNamespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: skuName
    tier: skuName
    capacity: skuName == 'Premium' ? messagingUnits : null
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicNetworkAccess
    zoneRedundant: skuName == 'Premium' ? zoneRedundant : null
  }
}

// Sessions and duplicate detection are fixed when a queue is made: to change them, make another queue.
resource entities 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for queue in queues: {
    parent: busNamespace
    name: queue.Name
    properties: {
      deadLetteringOnMessageExpiration: queue.Properties.DeadLetteringOnMessageExpiration
      defaultMessageTimeToLive: queue.Properties.DefaultMessageTimeToLive
      duplicateDetectionHistoryTimeWindow: queue.Properties.DuplicateDetectionHistoryTimeWindow
      enableBatchedOperations: true
      enablePartitioning: false
      lockDuration: queue.Properties.LockDuration
      maxDeliveryCount: queue.Properties.MaxDeliveryCount
      maxSizeInMegabytes: 5120
      requiresDuplicateDetection: queue.Properties.RequiresDuplicateDetection
      requiresSession: queue.Properties.RequiresSession
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: busNamespace
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'OperationalLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output id string = busNamespace.id
output hostName string = '${busNamespace.name}.servicebus.windows.net'
