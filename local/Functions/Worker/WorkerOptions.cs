using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>How the worker works.</summary>
public class WorkerOptions
{
    /// <summary>Reads typed trigger values; JSON that ignores the case of names unless the app sets another.</summary>
    public ObjectSerializer? Serializer { get; set; }
}
