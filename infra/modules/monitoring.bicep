// One workspace for everything, and Application Insights on it, which takes telemetry by identity only.
import { tagsType } from '../names.bicep'

param location string
param tags tagsType
param workspaceName string
param componentName string
param retentionDays int

@description('Gigabytes a day after which the workspace takes no more: it caps the cost, and blinds. An alert says when.')
param dailyCapGb int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
    retentionInDays: retentionDays
    workspaceCapping: {
      dailyQuotaGb: dailyCapGb
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableIpMasking: false
    DisableLocalAuth: true
    IngestionMode: 'LogAnalytics'
    WorkspaceResourceId: workspace.id
  }
}

output workspaceId string = workspace.id
output componentId string = component.id
@description('Names the ingestion endpoint; it opens nothing, since local authentication is off.')
output connectionString string = component.properties.ConnectionString
