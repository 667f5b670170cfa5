namespace Serverless940.Local.Azurite;

/// <summary>Lets one process at a time do something; the system opens the gate again when its holder dies.</summary>
internal static class FileGate
{
    public static async Task<IDisposable> EnterAsync(string file, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }
    }
}
