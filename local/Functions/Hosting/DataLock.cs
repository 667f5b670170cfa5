using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Serverless940.Local.Functions;

/// <summary>Keeps a second host out of a data folder; the system lets go of it however the process ends.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    /// <exception cref="LocalHostException">Another host has it.</exception>
    public static DataLock Take(string folder, int port)
    {
        try
        {
            return new DataLock(new FileStream(Path.Combine(folder, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception)
        {
            // The same command twice: the port is what its user knows of.
            throw new LocalHostException(
                IsUsed(port)
                    ? string.Create(CultureInfo.InvariantCulture, $"Port {port} is in use; choose another with --port.")
                    : $"Another host runs over {folder}; choose another folder with --data.",
                exception);
        }
    }

    public void Dispose() => _file.Dispose();

    private static bool IsUsed(int port)
    {
        if (port == 0)
        {
            return false;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
