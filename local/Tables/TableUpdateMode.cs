namespace Azure.Data.Tables;

/// <summary>What an update does with properties the given entity does not name: keeps them (merge) or drops them (replace).</summary>
public enum TableUpdateMode
{
    Merge = 0,
    Replace = 1,
}
