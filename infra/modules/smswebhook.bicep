// The other way for the same events: to the app's webhook, with a secret header. The app must answer the handshake, so
// this is only for the second pass, when the code runs.

param topicName string
param eventTypes string[]
param endpoint string
param dataAccountName string
param deadLetterContainerName string

@secure()
@description('Value of the header that the app checks.')
param headerValue string

resource data 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: dataAccountName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource smsSubscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'sms-to-webhook'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: eventTypes
    }
    retryPolicy: {
      eventTimeToLiveInMinutes: 1440
      maxDeliveryAttempts: 30
    }
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: endpoint
        maxEventsPerBatch: 20
        minimumTlsVersionAllowed: '1.2'
        preferredBatchSizeInKilobytes: 64
        deliveryAttributeMappings: [
          {
            name: 'X-Webhook-Secret'
            type: 'Static'
            properties: {
              isSecret: true
              value: headerValue
            }
          }
        ]
      }
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          blobContainerName: deadLetterContainerName
          resourceId: data.id
        }
      }
    }
  }
}
