// Communication Services, for SMS. Numbers are bought by hand: they are no resources of a template (see the guide).
import { tagsType } from '../names.bicep'

param tags tagsType
param name string

@description('Where data rests; fixed when the resource is made.')
param dataLocation string

param workspaceId string
param lockAgainstDeletion bool

resource communication 'Microsoft.Communication/communicationServices@2025-09-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    dataLocation: dataLocation
    disableLocalAuth: true
  }
}

// The app's role could delete the resource, and the number with it; there is no narrower one.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (lockAgainstDeletion) {
  scope: communication
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the sender number.'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: communication
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'SMSOperational'
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

output id string = communication.id
output endpoint string = 'https://${communication.properties.hostName}'
