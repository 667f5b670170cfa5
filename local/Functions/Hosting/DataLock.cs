namespace Serverless940.Local.Functions;

/// <summary>Keeps a second host out of a data folder; the system lets go of it however the process ends.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    /// <exception cref="LocalHostException">Another host has it.</exception>
    public static DataLock Take(string folder)
    {
        try
        {
            return new DataLock(new FileStream(Path.Combine(folder, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception)
        {
            throw new LocalHostException($"Another host runs over {folder}; choose another folder with --data.", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
